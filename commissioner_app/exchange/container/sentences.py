"""What a package's reader or writer says to the person in front of the screen, one sentence per case."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from db.errors import DiskTrouble, Refused

AGAIN = "请重新拷贝，或请对方重新发送。"
EMPTY = f"这个文件是空的，可能没有拷贝完。{AGAIN}"
NOT_A_PACKAGE = "这不是服务台账的数据包，或者文件开头已经损坏。请选择对方发来的 .ktpack 文件。"
A_FOLDER = "这是一个文件夹，请选择 .ktpack 文件。"
MISSING = "找不到这个文件，可能已被移走，或者 U 盘已经拔出。"
NO_ACCESS = "没有权限读取这个文件，请拷贝到别的位置再打开。"
TRUNCATED = f"文件不完整，可能没有拷贝完。{AGAIN}"
DAMAGED = f"文件已经损坏，没有接收。{AGAIN}"
TOO_LARGE = "文件解开后大得不合常理，没有接收。请与发送单位核对。"
NEWER = "这个文件由更新版本的程序做成，请先升级本程序。"
NOT_FOR_US = "这个文件不是发给本单位的，本机打不开。请与发送单位核对。"
PASSPHRASE_MISSING = "这个文件设有口令，请输入发送单位告知的口令。"
WRONG_PASSPHRASE = "口令不对，文件没有打开。请与发送单位核对口令。"
WRONG_SIGNATURE = "文件的签名与发送单位不符，可能被人改动过，没有接收。"
UNREADABLE = "读取文件失败，请检查磁盘或 U 盘是否还在。"

EXISTS = "这个位置已有同名文件，没有覆盖。请换一个文件名。"
BAD_KEY = "接收单位的密钥无效，数据包没有写成。请让接收单位先发来一份数据包。"
EMPTY_PASSPHRASE = "口令不能为空，数据包没有写成。"
FRAME_TOO_LARGE = "有一条内容太大，装不进数据包。数据包没有写成。"
ALL_TOO_LARGE = "要发送的内容太多，装不进一个数据包。数据包没有写成。"
BAD_ATTACHMENT = "有一个附件与台账中的登记不符，可能已经损坏，数据包没有写成。请先检查台账。"
SOURCE_UNREADABLE = "读取要发送的内容失败，数据包没有写成。请检查台账所在的磁盘。"
NOT_AS_WRITTEN = "写入后读回核对不符，U 盘或磁盘可能有故障，数据包没有写成。请换一个 U 盘再试。"
NOT_READ_BACK = "写入后读不回来，U 盘可能已经拔出，数据包没有写成。请插好后再试。"

_WRITING = {
    "磁盘或 U 盘已满，数据包没有写成。请腾出空间后再试。": (
        errno.ENOSPC,
        getattr(errno, "EDQUOT", errno.ENOSPC),
    ),
    "文件超出这个磁盘允许的大小，数据包没有写成。请换一个位置。": (errno.EFBIG,),
    "这个位置不能写入（只读或没有权限），数据包没有写成。请换一个位置。": (
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
    ),
    "找不到要保存到的文件夹，数据包没有写成。请换一个位置。": (errno.ENOENT, errno.ENOTDIR),
    "文件名太长或有不允许的字符，数据包没有写成。请换一个文件名。": (errno.ENAMETOOLONG, errno.EINVAL),
    "这个位置有一个同名的文件夹，数据包没有写成。请换一个文件名。": (errno.EISDIR,),
}


def writing_trouble(error: OSError) -> DiskTrouble:
    """The sentence for a failure of the place that a package is written to."""
    for sentence, numbers in _WRITING.items():
        if error.errno in numbers:
            return DiskTrouble(sentence)
    return DiskTrouble("写入失败，请检查磁盘或 U 盘是否还在。数据包没有写成。")


@contextmanager
def reading() -> Iterator[None]:
    """Turn the failures of opening and reading a file inside the block into known errors."""
    try:
        yield
    except IsADirectoryError as error:
        raise Refused(A_FOLDER) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Refused(MISSING) from error
    except PermissionError as error:
        raise Refused(NO_ACCESS) from error
    except OSError as error:
        raise DiskTrouble(UNREADABLE) from error
