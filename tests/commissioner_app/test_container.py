"""The .ktpack file: what goes in comes out, and anything else is refused with one sentence."""

import errno
import hashlib
import io
import os
import random
import shutil
import struct
import subprocess
import sys
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commissioner_app.exchange import container
from commissioner_app.exchange.container import Envelope, Reader, Seal, clear, frames, seals, stream, writer
from commissioner_app.exchange.container import sentences as say
from db.errors import DiskTrouble, LedgerError, Refused
from db.journal.keys import StationKey

SENDER, RECEIVER, OTHER = (StationKey(bytes([n]) * 32) for n in (1, 2, 3))
FOR_KEYS = Seal((RECEIVER.public, SENDER.public))
ENVELOPE = Envelope(1, "s-1", "key", "0a1b2c", 1, 1)
PASSPHRASE_ENVELOPE = Envelope(1, "", "passphrase", "0a1b2c", 1, 1)
PHOTO = random.Random(7).randbytes(300_000)

Blob = tuple[str, int, list[bytes]]


@pytest.fixture(autouse=True)
def cheap_scrypt(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "real_scrypt" not in request.fixturenames:
        monkeypatch.setattr(seals, "_COST", 2**4)


@pytest.fixture
def real_scrypt() -> None:
    """Asks for the real cost."""


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    yield
    assert [t.name for t in threading.enumerate() if t.name == "package"] == []


def blob(data: bytes, chunk: int = 65536) -> Blob:
    return (
        hashlib.sha256(data).hexdigest(),
        len(data),
        [data[i : i + chunk] for i in range(0, len(data), chunk)],
    )


def make(path: Path, manifest: Any = None, parts: Any = (), blobs: Any = (), **more: Any) -> int:
    given: dict[str, Any] = {
        "envelope": ENVELOPE,
        "seal": FOR_KEYS,
        "progress": None,
        "overwrite": False,
        **more,
    }
    return container.write(
        path, given["envelope"], manifest if manifest is not None else {"a": 1}, parts, blobs, given["seal"],
        SENDER.sign, SENDER.private, given["progress"], overwrite=given["overwrite"],
    )  # fmt: skip


def read(path: Path, key: StationKey | None = RECEIVER, passphrase: str | None = None) -> Any:
    with Reader(path, key.private if key else None, passphrase) as reader:
        parts = list(reader.frames())
        blobs = [(sha, size, b"".join(chunks)) for sha, size, chunks in reader.blobs()]
        reader.finish(SENDER.public)
        return reader.manifest, parts, blobs


def refused(path: Path, key: StationKey | None = RECEIVER, passphrase: str | None = None) -> str:
    with pytest.raises(Refused) as caught:
        read(path, key, passphrase)
    return str(caught.value)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "温县_上报_20220930_03.ktpack"
    make(path, {"一": [1, 2.5, None]}, [b"[1]", b"", b"x" * 5000], [blob(PHOTO), blob(b"")])
    return path


def test_what_goes_in_comes_out(package: Path) -> None:
    expected = ({"一": [1, 2.5, None]}, [b"[1]", b"", b"x" * 5000])
    for key in (RECEIVER, SENDER):
        manifest, parts, blobs = read(package, key)
        assert (manifest, parts) == expected
        assert [b for *_, b in blobs] == [PHOTO, b""]
    assert container.envelope(package) == ENVELOPE
    assert os.listdir(package.parent) == [package.name]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4),
    max_leaves=15,
)  # fmt: skip


@settings(max_examples=60)
@given(
    manifest=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), JSON, max_size=5),
    parts=st.lists(st.binary(max_size=2000), max_size=6),
    data=st.lists(st.binary(max_size=3000), max_size=4),
    chunk=st.integers(1, 4000),
    seal=st.sampled_from(["keys", "passphrase", "both"]),
)
def test_round_trip_of_anything(
    tmp_path_factory: pytest.TempPathFactory, manifest: Any, parts: Any, data: Any, chunk: int, seal: str
) -> None:
    path = tmp_path_factory.mktemp("round") / "a.ktpack"
    keys = FOR_KEYS.keys if seal != "passphrase" else ()
    phrase = None if seal == "keys" else "小麦 2022"
    envelope = ENVELOPE if seal == "keys" else PASSPHRASE_ENVELOPE
    size = make(
        path,
        manifest,
        iter(parts),
        [blob(d, chunk) for d in data],
        envelope=envelope,
        seal=Seal(keys, phrase),
    )
    assert size == path.stat().st_size
    for key in (RECEIVER, SENDER) if keys else ():
        assert read(path, key) == (
            manifest,
            parts,
            [(hashlib.sha256(d).hexdigest(), len(d), d) for d in data],
        )
    if phrase:
        assert read(path, OTHER, "　小麦 ２０２２") == read(path, None, phrase)
        assert read(path, None, phrase)[:2] == (manifest, parts)


def test_one_flipped_bit_anywhere_is_refused(tmp_path: Path) -> None:
    path, broken = tmp_path / "a.ktpack", tmp_path / "b.ktpack"
    make(path, {"a": 1}, [b"[1,2]"], [blob(b"photo")])
    whole = path.read_bytes()
    rng = random.Random(3)
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << rng.randrange(8)
        broken.write_bytes(damaged)
        assert refused(broken) in (say.NOT_A_PACKAGE, say.DAMAGED, say.TRUNCATED), position


@settings(max_examples=150)
@given(data=st.data())
def test_one_flipped_bit_of_a_larger_package_is_refused(
    larger: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    damaged = bytearray(larger.read_bytes())
    damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    broken = larger.with_name("b.ktpack")
    broken.write_bytes(damaged)
    assert refused(broken) in (say.NOT_A_PACKAGE, say.DAMAGED, say.TRUNCATED)


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("larger") / "a.ktpack"
    make(path, {"a": 1}, [b"[1]", b"x" * 5000], [blob(PHOTO), blob(b"")])
    return path


def test_every_truncation_is_refused(tmp_path: Path) -> None:
    path, broken = tmp_path / "a.ktpack", tmp_path / "b.ktpack"
    make(path, {"a": 1}, [b"[1,2]"], [blob(b"photo")])
    whole = path.read_bytes()
    for size in range(len(whole)):
        broken.write_bytes(whole[:size])
        assert refused(broken) == (say.TRUNCATED if size else say.EMPTY), size
        with pytest.raises(Refused):
            container.envelope(broken)
        # A truncation that keeps the end is no truncation to the eye; it is damaged all the same.
        if size > len(clear_header(whole)):
            broken.write_bytes(whole[:size] + clear.END)
            if size != len(whole) - len(clear.END):
                assert refused(broken) == say.DAMAGED, size


def clear_header(whole: bytes) -> bytes:
    (length,) = struct.unpack(">I", whole[8:12])
    return whole[: 12 + length + 4]


def test_truncated_where_age_ends_its_chunks(package: Path, tmp_path: Path) -> None:
    whole = package.read_bytes()
    broken = tmp_path / "b.ktpack"
    body = len(clear_header(whole)) + whole[len(clear_header(whole)) :].index(b"\n--- ") + 5 + 43 + 1 + 16
    for chunks in range(5):
        broken.write_bytes(whole[: body + chunks * 65552] + clear.END)
        assert refused(broken) == say.DAMAGED
    broken.write_bytes(whole + b"\0" * 4096)
    assert refused(broken) == say.TRUNCATED


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", say.EMPTY),
        (b"PK\x03\x04" + b"\0" * 100, say.NOT_A_PACKAGE),
        (b"SQLite format 3\0" * 300, say.NOT_A_PACKAGE),
        (b"KTPAC", say.TRUNCATED),
        (clear.MAGIC + b"\0\0", say.TRUNCATED),
        (clear.MAGIC + b"\xff\xff\xff\xff" + b"\0" * 100, say.DAMAGED),
    ],
)
def test_what_is_no_package(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "a.ktpack"
    path.write_bytes(content)
    assert refused(path) == sentence
    with pytest.raises(Refused, match=sentence[:8]):
        container.envelope(path)


def test_what_is_no_file(tmp_path: Path) -> None:
    assert refused(tmp_path) == say.A_FOLDER
    assert refused(tmp_path / "nichts.ktpack") == say.MISSING
    (tmp_path / "a").write_bytes(b"")
    assert refused(tmp_path / "a" / "b.ktpack") == say.MISSING
    assert refused(tmp_path / "a\0b") == say.MISSING
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.ktpack")
        assert refused(tmp_path / "pipe.ktpack") == say.NOT_A_PACKAGE


def test_no_right_to_read_and_a_broken_stick(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(error: OSError) -> Callable[..., Any]:
        def opened(*_: object, **__: object) -> Any:
            raise error

        return opened

    monkeypatch.setattr("builtins.open", deny(PermissionError(errno.EACCES, "no")))
    with pytest.raises(Refused, match=say.NO_ACCESS):
        container.envelope(package)
    monkeypatch.setattr("builtins.open", deny(OSError(errno.EIO, "pulled")))
    with pytest.raises(DiskTrouble, match=say.UNREADABLE):
        container.envelope(package)


class Pulled(io.BytesIO):
    """A file whose stick is pulled out after so many bytes."""

    def __init__(self, data: bytes, after: int) -> None:
        super().__init__(data)
        self.after = after

    def read(self, n: int | None = -1) -> bytes:
        if self.tell() >= self.after:
            raise OSError(errno.EIO, "pulled")
        return super().read(n)


def test_a_stick_pulled_out_while_reading(package: Path) -> None:
    whole = package.read_bytes()
    start = len(clear_header(whole))
    file = Pulled(whole, 150_000)
    pipe = stream.Decrypted(file, start, len(whole) - 8, seals.identity(RECEIVER.private))
    try:
        with pytest.raises(DiskTrouble, match=say.UNREADABLE):
            contents = frames.Contents(pipe.read, clear_header(whole))
            contents.finish(SENDER.public)
    finally:
        pipe.close()


def test_who_cannot_open_it(package: Path, tmp_path: Path) -> None:
    assert refused(package, OTHER) == say.NOT_FOR_US
    assert refused(package, None) == say.NOT_FOR_US
    assert refused(package, OTHER, "口令") == say.NOT_FOR_US
    path = tmp_path / "p.ktpack"
    make(path, envelope=PASSPHRASE_ENVELOPE, seal=Seal((), "小麦2022"))
    assert refused(path, OTHER) == say.PASSPHRASE_MISSING
    assert refused(path, OTHER, " ") == say.PASSPHRASE_MISSING
    assert refused(path, OTHER, "小麦2023") == say.WRONG_PASSPHRASE
    assert refused(path, None, "\ud800") == say.WRONG_PASSPHRASE
    damaged = bytearray(path.read_bytes())
    damaged[-100] ^= 1
    path.write_bytes(damaged)
    assert refused(path, None, "小麦2022") == say.DAMAGED


def test_passphrase_at_its_real_cost(tmp_path: Path, real_scrypt: None) -> None:
    path = tmp_path / "p.ktpack"
    make(path, {"a": 2}, [b"[]"], envelope=PASSPHRASE_ENVELOPE, seal=Seal((SENDER.public,), "小麦2022"))
    assert read(path, OTHER, "小麦2022") == ({"a": 2}, [b"[]"], [])
    assert read(path, SENDER) == ({"a": 2}, [b"[]"], [])


def with_header(whole: bytes, **fields: Any) -> bytes:
    """The package with another clear header, its CRC right."""
    old = clear_header(whole)
    body = orjson.dumps({**orjson.loads(old[12:-4]), **fields})
    raw = clear.MAGIC + struct.pack(">I", len(body)) + body
    return raw + struct.pack(">I", zlib.crc32(raw)) + whole[len(old) :]


def test_newer_container(package: Path) -> None:
    package.write_bytes(with_header(package.read_bytes(), container=2, to=None, new="x")[:-3])
    assert refused(package) == say.NEWER == "这个文件由更新版本的程序做成，请先升级本程序。"
    with pytest.raises(Refused, match=say.NEWER):
        container.envelope(package)


@pytest.mark.parametrize(
    "fields",
    [
        {"container": 0}, {"container": True}, {"container": "1"}, {"container": None}, {"to": 5}, {"to": "x" * 201},
        {"sealed": "open"}, {"sealed": ["key"]}, {"sealed": "passphrase"}, {"set": ""}, {"set": "XY"}, {"part": 0}, {"part": 2}, {"of": 0},
        {"of": 2.0}, {"for": []}, {"for": "x"}, {"for": [1]}, {"for": ["0" * 15]}, {"salt": "00" * 16}, {"salt": 1},
    ],
)  # fmt: skip
def test_clear_headers_that_no_writer_makes(package: Path, fields: Any) -> None:
    package.write_bytes(with_header(package.read_bytes(), **fields))
    assert refused(package) == say.DAMAGED


def test_clear_header_of_another_package(package: Path) -> None:
    """Its CRC is right and every field possible; the manifest and the signature know the true one."""
    package.write_bytes(with_header(package.read_bytes(), to="s-2"))
    assert container.envelope(package).to == "s-2"
    assert refused(package) == say.DAMAGED


def test_another_signature(package: Path, tmp_path: Path) -> None:
    with Reader(package, RECEIVER.private) as reader, pytest.raises(Refused, match=say.WRONG_SIGNATURE):
        reader.finish(OTHER.public)
    with Reader(package, RECEIVER.private) as reader, pytest.raises(Refused, match=say.WRONG_SIGNATURE):
        reader.finish("no key")
    with Reader(package, RECEIVER.private) as reader:
        reader.finish(SENDER.public)
        assert len(reader.digest) == 32


# What the receiver's own kind could send: frames sealed for us, made by somebody who holds the key or passphrase.


def framed(kind: int, payload: bytes, length: int | None = None) -> bytes:
    return struct.pack(">IB", len(payload) if length is None else length, kind) + payload


def sealed(plain: bytes, header: bytes) -> bytes:
    sink = io.BytesIO()
    pyrage.encrypt_io(io.BytesIO(plain), sink, seals.lock(FOR_KEYS).recipients)
    return header + sink.getvalue() + clear.END


HEADER = clear.encode(ENVELOPE, tuple(seals.mark(k) for k in FOR_KEYS.keys), None).raw
HEADER_HASH = hashlib.sha256(HEADER).hexdigest()


def manifest_frame(value: Any = None) -> bytes:
    text = (
        value if isinstance(value, bytes) else orjson.dumps(value or {"header": HEADER_HASH, "manifest": {}})
    )
    return framed(frames.MANIFEST, zlib.compress(text))


def final(before: bytes, counts: tuple[int, int, int], after: bytes = b"") -> bytes:
    start = struct.pack(">IBQQQ", 88, frames.FINAL, *counts)
    digest = hashlib.sha256(HEADER + before + start).digest()
    return before + start + SENDER.sign(frames.signed_message(digest)) + after


M = manifest_frame()
SHA = hashlib.sha256(b"photo").digest()
B = framed(frames.BLOB, SHA + struct.pack(">Q", 5))
P, E = framed(frames.PIECE, b"photo"), framed(frames.BLOB_END, b"")


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(size >> 20)) + packer.flush()


CASES = {
    "good": (final(M + framed(2, zlib.compress(b"[]")) + B + P + E, (1, 2, 1)), None),
    "nothing": (b"", say.DAMAGED),
    "no manifest": (final(framed(2, zlib.compress(b"[]")), (1, 2, 0)), say.DAMAGED),
    "two manifests": (final(M + M, (0, 0, 0)), say.DAMAGED),
    "no end": (M, say.DAMAGED),
    "bytes behind the end": (final(M, (0, 0, 0), b"\0"), say.DAMAGED),
    "frames behind the end": (final(M, (0, 0, 0), M), say.DAMAGED),
    "end too short": (M + framed(frames.FINAL, bytes(80)), say.DAMAGED),
    "count of frames": (final(M, (1, 0, 0)), say.DAMAGED),
    "count of bytes": (final(M + framed(2, zlib.compress(b"[]")), (1, 3, 0)), say.DAMAGED),
    "count of attachments": (final(M, (0, 0, 1)), say.DAMAGED),
    "unknown kind": (final(M + framed(9, b""), (0, 0, 0)), say.DAMAGED),
    "huge length": (M + framed(2, b"", 2**32 - 1), say.TOO_LARGE),
    "huge chunk": (M + B + framed(frames.PIECE, b"", 2**31), say.DAMAGED),
    "length beyond the end": (M + framed(2, b"abc", 4_000_000), say.DAMAGED),
    "half a head": (M + b"\0\0\0", say.DAMAGED),
    "no zlib": (M + framed(2, b"abc"), say.DAMAGED),
    "half a zlib": (final(M + framed(2, zlib.compress(b"x" * 99)[:-2]), (1, 99, 0)), say.DAMAGED),
    "more behind zlib": (final(M + framed(2, zlib.compress(b"x") + b"y"), (1, 1, 0)), say.DAMAGED),
    "empty payload": (M + framed(2, b""), say.DAMAGED),
    "bomb in a frame": (M + framed(2, bomb(2**26)), say.TOO_LARGE),
    "bomb in the manifest": (framed(1, bomb(2**26)), say.TOO_LARGE),
    "bomb of many frames": (M + framed(2, bomb(2**22)) * 129, say.TOO_LARGE),
    "changes behind attachments": (final(M + B + P + E + framed(2, zlib.compress(b"[]")), (1, 2, 1)), say.DAMAGED),
    "attachment too short": (final(M + B + framed(frames.PIECE, b"phot") + E, (0, 0, 1)), say.DAMAGED),
    "attachment too long": (final(M + B + P + P + E, (0, 0, 1)), say.DAMAGED),
    "attachment of other content": (final(M + B + framed(frames.PIECE, b"PHOTO") + E, (0, 0, 1)), say.DAMAGED),
    "attachment without end": (final(M + B + P, (0, 0, 1)), say.DAMAGED),
    "attachment with empty chunks": (final(M + B + framed(frames.PIECE, b"") * 9 + P + E, (0, 0, 1)), say.DAMAGED),
    "attachment of another size": (
        final(M + framed(frames.BLOB, SHA + struct.pack(">Q", 6)) + P + E, (0, 0, 1)),
        say.DAMAGED,
    ),
    "chunk without attachment": (final(M + P, (0, 0, 0)), say.DAMAGED),
    "attachment's head too short": (final(M + framed(frames.BLOB, SHA), (0, 0, 1)), say.DAMAGED),
    "end with content": (M + B + P + framed(frames.BLOB_END, b"x"), say.DAMAGED),
    "JSON that is none": (manifest_frame(b"{"), say.DAMAGED),
    "JSON in no UTF-8": (manifest_frame(b'{"header":"\xff"}'), say.DAMAGED),
    "JSON too deep": (manifest_frame(b"[" * 100_000 + b"]" * 100_000), say.DAMAGED),
    "JSON too deep inside": (manifest_frame(b'{"manifest":' * 9000 + b"1" + b"}" * 9000), say.DAMAGED),
    "JSON with too many values": (manifest_frame(b"[" + b"[]," * 2_000_000 + b"[]]"), say.TOO_LARGE),
    "a list": (manifest_frame([1]), say.DAMAGED),
    "a manifest that is a list": (manifest_frame({"header": HEADER_HASH, "manifest": [1]}), say.DAMAGED),
    "no header's hash": (manifest_frame({"manifest": {}}), say.DAMAGED),
    "a hash of the wrong type": (manifest_frame({"header": [HEADER_HASH], "manifest": {}}), say.DAMAGED),
    "another header's hash": (manifest_frame({"header": "00" * 32, "manifest": {}}), say.DAMAGED),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_frames_of_somebody_who_has_the_key(case: str, tmp_path: Path) -> None:
    plain, sentence = CASES[case]
    path = tmp_path / "a.ktpack"
    path.write_bytes(sealed(plain, HEADER))
    if sentence is None:
        assert read(path) == ({}, [b"[]"], [(SHA.hex(), 5, b"photo")])
        return
    if case != "bomb of many frames":  # a caller that keeps them all needs the memory
        assert refused(path) == sentence
    # Whoever looks at the manifest only and skips the rest is told the same.
    with pytest.raises(Refused, match=sentence), Reader(path, RECEIVER.private) as reader:
        reader.finish(SENDER.public)


def test_bombs_cost_no_memory(tmp_path: Path) -> None:
    for case in (
        "bomb in a frame",
        "bomb of many frames",
        "bomb in the manifest",
        "JSON with too many values",
    ):
        path = tmp_path / "a.ktpack"
        path.write_bytes(sealed(CASES[case][0], HEADER))
        tracemalloc.start()
        with pytest.raises(Refused, match=say.TOO_LARGE), Reader(path, RECEIVER.private) as reader:
            reader.finish(SENDER.public)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 60e6, case


def test_an_endless_header_of_age(tmp_path: Path) -> None:
    path = tmp_path / "a.ktpack"
    path.write_bytes(HEADER + b"age-encryption.org/v1\n" + b"-> X25519 a\n" * 2_000_000 + clear.END)
    assert refused(path) == say.DAMAGED


def test_a_refusal_stays_one() -> None:
    """A caller that goes on after a fault gets no further, and no signature."""
    plain = final(M + framed(2, b"no zlib") + framed(2, zlib.compress(b"[]")), (1, 2, 0))
    contents = frames.Contents(io.BytesIO(plain).read, HEADER)
    for _ in range(3):
        with pytest.raises(Refused, match=say.DAMAGED):
            list(contents.frames())
        with pytest.raises(Refused, match=say.DAMAGED):
            contents.finish(SENDER.public)


def test_readers_that_stop_early(package: Path) -> None:
    with Reader(package, RECEIVER.private):
        pass
    with pytest.raises(KeyError), Reader(package, RECEIVER.private) as reader:
        for _ in reader.frames():
            raise KeyError
    with Reader(package, RECEIVER.private) as reader:
        for _, _, chunks in reader.blobs():  # begun, not ended
            next(chunks)
            break
        file = reader._stream._section._file
    assert file.closed
    with Reader(package, RECEIVER.private) as reader:
        found = []
        for sha, _, chunks in reader.blobs():
            found.append((sha, chunks))
        assert len(found) == 2
        assert b"".join(found[0][1]) == b""  # the stream has passed it
        reader.finish(SENDER.public)
        reader.finish(SENDER.public)
        assert list(reader.frames()) == []


def test_many_photos_need_no_memory(tmp_path: Path) -> None:
    """Streams both ways: 48 MB of photos in far less."""
    data = random.Random(1).randbytes(4_000_000)
    sha = hashlib.sha256(data).hexdigest()

    def chunks() -> Iterator[bytes]:
        for at in range(0, len(data), 65536):
            yield data[at : at + 65536]

    path = tmp_path / "a.ktpack"
    tracemalloc.start()
    make(path, {}, [], ((sha, len(data), chunks()) for _ in range(12)))
    with Reader(path, RECEIVER.private) as reader:
        assert sum(len(c) for *_, found in reader.blobs() for c in found) == 48_000_000
        reader.finish(SENDER.public)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6e6


def test_decrypting_waits_for_a_slow_reader_and_ends_with_it(tmp_path: Path) -> None:
    data = random.Random(1).randbytes(12_000_000)
    path = tmp_path / "a.ktpack"
    make(path, {}, [], [blob(data)])
    with Reader(path, RECEIVER.private) as reader:
        for _, _, chunks in reader.blobs():
            next(chunks)
            break
        before = -1
        while before != reader.position:
            before = reader.position
            time.sleep(0.2)
        assert before < 4_000_000
    assert reader.position < 4_000_000


# Writing.


def test_existing_files_are_kept(package: Path) -> None:
    before = package.read_bytes()
    with pytest.raises(Refused, match=say.EXISTS):
        make(package)
    assert package.read_bytes() == before
    make(package, {"b": 2}, overwrite=True)
    assert read(package)[0] == {"b": 2}
    package.with_name(f".{package.name}.part").write_bytes(b"left by a killed run")
    make(package, {"b": 3}, overwrite=True)
    assert os.listdir(package.parent) == [package.name]


class Cancelled(Exception):
    pass


@pytest.mark.parametrize("kind", [InterruptedError, BlockingIOError])
def test_what_age_would_try_again_for_ever(tmp_path: Path, kind: type[OSError]) -> None:
    """Its library takes EINTR for a reason to write the same once more."""

    def cancel(_: int) -> None:
        raise kind(errno.EINTR, "stop")

    def parts() -> Iterator[bytes]:
        raise kind(errno.EINTR, "stop")
        yield b""

    with pytest.raises(DiskTrouble):
        make(tmp_path / "a.ktpack", progress=cancel)
    late = iter(range(100))

    def cancel_late(size: int) -> None:  # while reading back
        if next(late) == 1:
            cancel(size)

    with pytest.raises(DiskTrouble):
        make(tmp_path / "a.ktpack", parts=[b"[]"], progress=cancel_late)
    with pytest.raises(DiskTrouble):
        make(tmp_path / "a.ktpack", parts=parts())
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("data", [b"a small one is a single write, whose error age swallows", PHOTO])
def test_cancelled_at_any_time(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.ktpack"
    told: list[int] = []
    size = make(path, {}, [b"[1]"], [blob(data)], progress=told.append)
    assert told == sorted(told) and told[-1] == size
    path.unlink()
    for stop in range(len(told)):
        calls = iter(range(10**6))

        def cancel(_: int, stop: int = stop, calls: Iterator[int] = calls) -> None:
            if next(calls) == stop:
                raise Cancelled

        with pytest.raises(Cancelled):
            make(path, {}, [b"[1]"], [blob(data)], progress=cancel)
        assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("kind", [KeyboardInterrupt, Refused, DiskTrouble, ZeroDivisionError, MemoryError])
def test_what_the_callers_iterables_raise_comes_out(tmp_path: Path, kind: type[BaseException]) -> None:
    def parts() -> Iterator[bytes]:
        yield b"[1]"
        raise kind("eins")

    def chunks() -> Iterator[bytes]:
        yield PHOTO[:100]
        raise kind("eins")

    for given_parts, blobs in ((parts(), []), ([], [("00" * 32, 200, chunks())])):
        with pytest.raises(kind, match="eins"):
            make(tmp_path / "a.ktpack", {}, given_parts, blobs)
        assert os.listdir(tmp_path) == []


def test_what_cannot_be_sent(tmp_path: Path) -> None:
    path = tmp_path / "a.ktpack"

    def broken() -> Iterator[bytes]:
        raise OSError(errno.EIO, "ledger's disk")
        yield b""

    sha, size, chunks = blob(b"photo")
    good: dict[str, Any] = {"manifest": {}, "parts": [], "blobs": []}
    cases: list[tuple[type[Exception], str, dict[str, Any]]] = [
        (Refused, say.FRAME_TOO_LARGE, {"parts": [bytes(frames.LIMIT_FRAME + 1)]}),
        (Refused, say.ALL_TOO_LARGE, {"parts": (bytes(frames.LIMIT_FRAME) for _ in range(129))}),
        (Refused, say.ALL_TOO_LARGE, {"manifest": {"a": "x" * frames.LIMIT_MANIFEST}}),
        (Refused, say.BAD_ATTACHMENT, {"blobs": [(sha, size + 1, chunks)]}),
        (Refused, say.BAD_ATTACHMENT, {"blobs": [(sha, size - 1, chunks)]}),
        (Refused, say.BAD_ATTACHMENT, {"blobs": [("00" * 32, size, chunks)]}),
        (DiskTrouble, say.SOURCE_UNREADABLE, {"parts": broken()}),
        (Refused, say.BAD_KEY, {"seal": Seal((SENDER.public, "xyz"))}),
        (Refused, say.BAD_KEY, {"seal": Seal((SENDER.public, "00" * 31))}),
        (Refused, say.BAD_KEY, {"seal": Seal((SENDER.public, "02" + "00" * 31))}),
        (
            Refused,
            say.EMPTY_PASSPHRASE,
            {"seal": Seal((SENDER.public,), "　"), "envelope": PASSPHRASE_ENVELOPE},
        ),
        (ValueError, "", {"seal": Seal()}),
        (ValueError, "", {"seal": Seal((OTHER.public,))}),
        (ValueError, "", {"seal": Seal((SENDER.public,), "x")}),
        (ValueError, "", {"envelope": PASSPHRASE_ENVELOPE}),
        (ValueError, "", {"envelope": Envelope(2, "", "key", "00", 1, 1)}),
        (ValueError, "", {"envelope": Envelope(1, "", "key", "00", 2, 1)}),
    ]
    for kind, sentence, changed in cases:
        with pytest.raises(kind, match=sentence or None):
            make(path, **{**good, **changed})
        assert os.listdir(tmp_path) == []


def test_the_largest_frames_pass(tmp_path: Path) -> None:
    noise = random.Random(5).randbytes(frames.LIMIT_FRAME)
    path = tmp_path / "a.ktpack"
    make(path, {"a": noise[: 2**20].hex()}, [noise, bytes(frames.LIMIT_FRAME)])
    assert read(path)[1] == [noise, bytes(frames.LIMIT_FRAME)]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "已满"),
        (errno.EFBIG, "超出"),
        (errno.EROFS, "只读"),
        (errno.EIO, "U 盘"),
        (errno.EINVAL, "文件名"),
    ],
)
def test_disks_that_fail_at_any_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, "no")

    for name in ("fsync", "replace"):
        with monkeypatch.context() as patched:
            patched.setattr(writer.os, name, fail)
            with pytest.raises(DiskTrouble, match=words):
                make(tmp_path / "a.ktpack", {}, [b"[1]"], [blob(PHOTO)])
        assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("data", [b"small", PHOTO])
def test_a_disk_that_is_full_at_any_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    class Full:
        def __init__(self, file: Any, left: int) -> None:
            self.file, self.left = file, left

        def write(self, data: bytes) -> int:
            self.left -= 1
            if self.left < 0:
                raise OSError(errno.ENOSPC, "full")
            return int(self.file.write(data))

    fill, left = writer._fill, 0

    def on_full(file: Any, *rest: Any) -> int:
        return fill(Full(file, left), *rest)

    monkeypatch.setattr(writer, "_fill", on_full)
    for left in range(20):  # noqa: B007 (the disk reads it)
        try:
            make(tmp_path / "a.ktpack", {}, [b"[1]"], [blob(data)])
        except DiskTrouble as error:
            assert "已满" in str(error)
            assert os.listdir(tmp_path) == []
        else:
            break
    assert 2 < left < 19 and read(tmp_path / "a.ktpack")[2][0][2] == data


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(DiskTrouble, match="找不到要保存到的文件夹"):
        make(tmp_path / "no" / "a.ktpack")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DiskTrouble, match="找不到要保存到的文件夹"):
        make(tmp_path / "file" / "a.ktpack")
    with pytest.raises(DiskTrouble, match="文件名太长"):
        make(tmp_path / ("温" * 90))
    (tmp_path / "folder").mkdir()
    with pytest.raises(DiskTrouble, match="同名的文件夹"):
        make(tmp_path / "folder", overwrite=True)
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]


def part_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


@pytest.mark.parametrize("what", ["flip", "shorten", "lengthen", "zeros", "another package"])
def test_what_the_medium_did_not_keep_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Between the fsync and the reading back the bytes change, as a worn or counterfeit stick does."""
    path, another = tmp_path / "a.ktpack", tmp_path / "another.ktpack"
    make(another, {"other": 1}, [b"[2]"], [blob(PHOTO)])
    rng = random.Random(9)
    true = os.fsync

    def fsync(handle: int) -> None:
        true(handle)
        if not part_of(path).exists():
            return
        data = bytearray(part_of(path).read_bytes())
        at = rng.randrange(len(data))
        if what == "flip":
            data[at] ^= 1 << rng.randrange(8)
        elif what == "shorten":
            del data[at:]
        elif what == "lengthen":
            data += b"x"
        elif what == "zeros":
            data[at : at + 4096] = bytes(len(data[at : at + 4096]))
        else:
            data = bytearray(another.read_bytes())
        part_of(path).write_bytes(data)

    monkeypatch.setattr(writer.os, "fsync", fsync)
    for _ in range(20):
        with pytest.raises(DiskTrouble, match="核对不符"):
            make(path, {"a": 1}, [b"[1]"], [blob(PHOTO)])
        assert os.listdir(tmp_path) == [another.name]


def test_another_package_of_the_same_size_and_header_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a whole, rightly signed package is not taken for the one that was to be written."""
    path = tmp_path / "a.ktpack"
    read_back = writer._read_back

    def other(part: Path, header: Any, identity: Any, digest: bytes, *rest: Any) -> None:
        read_back(part, header, identity, bytes(32), *rest)

    monkeypatch.setattr(writer, "_read_back", other)
    with pytest.raises(DiskTrouble, match=say.NOT_AS_WRITTEN):
        make(path)
    assert os.listdir(tmp_path) == []


def test_a_stick_pulled_out_before_reading_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "stick" / "a.ktpack"
    path.parent.mkdir()
    true = os.fsync

    def fsync(handle: int) -> None:
        true(handle)
        shutil.rmtree(path.parent, ignore_errors=True)

    monkeypatch.setattr(writer.os, "fsync", fsync)
    with pytest.raises(DiskTrouble, match=say.NOT_READ_BACK):
        make(path)


@pytest.mark.skipif(sys.platform == "win32", reason="folders are synced on POSIX only")
def test_a_stick_pulled_out_after_renaming(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    true = os.fsync

    def fsync(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(errno.EIO, "pulled")
        true(handle)

    monkeypatch.setattr(writer.os, "fsync", fsync)
    with pytest.raises(DiskTrouble, match="U 盘"):
        make(tmp_path / "a.ktpack")
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are POSIX")
def test_a_full_disk(tmp_path: Path) -> None:
    """A real one where a small tmpfs can be mounted, else a limit on the file's size; in a process of its own."""
    code = f"""
import random, resource, sys
sys.path[:0] = {[str(Path(__file__).parents[2]), str(Path(__file__).parent)]!r}
import test_container as t
from pathlib import Path
from db.errors import DiskTrouble
if sys.argv[2] == "limit":
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    t.make(Path(sys.argv[1]) / "a.ktpack", {{}}, [b"[1]"], [t.blob(t.PHOTO)] * 5)
except DiskTrouble as error:
    print(ascii(str(error)))
"""

    def run(folder: Path, how: str) -> str:
        done = subprocess.run([sys.executable, "-c", code, str(folder), how], capture_output=True, text=True)
        assert os.listdir(folder) == [], done.stderr
        return done.stdout.strip().encode().decode("unicode_escape")

    assert "超出这个磁盘允许的大小" in run(tmp_path, "limit")
    small = tmp_path / "small"
    small.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(small)], capture_output=True
    )
    if mounted and mounted.returncode == 0:
        try:
            assert "已满" in run(small, "full")
        finally:
            subprocess.run(["umount", str(small)], check=True)


def test_every_sentence_is_one_for_people() -> None:
    found = [v for k, v in vars(say).items() if k.isupper() and isinstance(v, str)] + list(say._WRITING)
    for sentence in found:
        assert sentence.endswith(("。", "发送。")) and not sentence.isascii()
    assert isinstance(say.writing_trouble(OSError("?")), LedgerError)
