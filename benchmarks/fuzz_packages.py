"""Broken packages by the hundred thousand: each is refused with one sentence or gives what was sent, nothing else."""

import argparse
import faulthandler
import hashlib
import io
import os
import random
import struct
import sys
import tempfile
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import pyrage

from benchmarks import data
from commissioner_app.exchange import container
from commissioner_app.exchange.container import Envelope, Reader, Seal, clear, seals
from commissioner_app.exchange.container import frames as inner
from commissioner_app.exchange.container import sentences as say
from db.errors import DiskTrouble, Refused
from db.journal.keys import StationKey

COUNT = 100_000
SECONDS = 5.0
"""Longer for one input is a hang (the largest legal bomb inflates 512 MB, about 1 s)."""
MEMORY_MB = 250
"""More than this over the start is a blow-up: the manifest may have 16 MB and 2,000,000 values."""
BATCH = 2_000

SENDER, RECEIVER = StationKey(b"s" * 32), StationKey(b"r" * 32)
SEAL = Seal((RECEIVER.public, SENDER.public))
_SENTENCES = {v for k, v in vars(say).items() if k.isupper() and isinstance(v, str)}
_NUMBERS = (0, 1, 5, 24, 88, 255, 2**16, 2**18 + 1, 2**22, 2**24, 2**31 - 1, 2**31, 2**32 - 1)
_SPOILT: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**63,
    1.5,
    "",
    "x" * 70_000,
    [],
    {},
    [[]],
    {"": None},
    "\u0000",
    "00" * 32,
)

Content = tuple[Any, list[bytes], list[tuple[str, int, bytes]]]


class Sample:
    """A package as it should be: its bytes, its plain frames and what is in it."""

    def __init__(self, folder: Path, number: int, rng: random.Random) -> None:
        self.manifest: dict[str, Any] = {"sender": "s", "sessions": {str(i): [[1, i]] for i in range(number)}}
        self.frames = [orjson.dumps([{"seq": i, "text": "小麦" * rng.randrange(60)}]) for i in range(number)]
        blobs = [rng.randbytes(rng.choice((0, 10, 300, 70_000))) for _ in range(number % 4)]
        self.blobs = [(hashlib.sha256(b).hexdigest(), len(b), b) for b in blobs]
        path = folder / f"{number}.ktpack"
        envelope = Envelope(1, "r", "key", f"{number:x}", 1, 1)
        container.write(
            path, envelope, self.manifest, self.frames,
            [(sha, n, [b[:100], b[100:]] if b[100:] else [b] if b else []) for sha, n, b in self.blobs],
            SEAL, SENDER.sign, SENDER.private, overwrite=True,
        )  # fmt: skip
        self.whole = path.read_bytes()
        self.header = self.whole[: 16 + struct.unpack(">I", self.whole[8:12])[0]]
        body = self.whole[len(self.header) : -len(clear.END)]
        self.plain = pyrage.decrypt(body, [seals.identity(RECEIVER.private)])
        self.content: Content = (self.manifest, self.frames, self.blobs)
        path.unlink()

    def split(self) -> list[tuple[int, bytes]]:
        """The frames as (kind, payload)."""
        found, at = [], 0
        while at < len(self.plain):
            length, kind = struct.unpack_from(">IB", self.plain, at)
            found.append((kind, self.plain[at + 5 : at + 5 + length]))
            at += 5 + length
        return found


def _mutated(whole: bytes, rng: random.Random, other: bytes) -> bytes:
    """Bytes spoilt as disks, mailboxes and people spoil them, once or a few times."""
    b = bytearray(whole)
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        size = len(b)
        at = rng.randrange(size + 1)
        end = min(size, at + rng.choice((1, 4, 16, 64, 512, 4096, 65536)))
        match rng.randrange(10):
            case 0 | 1 if size:
                b[min(at, size - 1)] ^= 1 << rng.randrange(8)
            case 2:
                del b[at:]
            case 3:
                del b[at:end]
            case 4:
                b[at:at] = b[at:end] or b"\0"
            case 5:
                b[at:end] = bytes(end - at) or b"\0"
            case 6:
                b[at:end] = rng.randbytes(end - at or 3)
            case 7:
                b[at:] = other[min(at, len(other)) :]
            case 8:
                b[at : at + 4] = struct.pack(">I", rng.choice(_NUMBERS))
            case _:
                source = rng.randrange(size + 1)
                b[at:at] = b[source : source + end - at]
    return bytes(b)


def _reheaded(sample: Sample, rng: random.Random) -> bytes:
    """A clear header that was changed on purpose, its CRC right."""
    body = sample.header[12:-4]
    if rng.random() < 0.6:
        fields = orjson.loads(body)
        key = rng.choice((*fields, "salt", "more"))
        fields[key] = rng.choice((*_SPOILT, rng.getrandbits(20), 2))
        if rng.random() < 0.3:
            fields.pop(rng.choice(list(fields)))
        body = orjson.dumps(fields)
    else:
        body = _mutated(body, rng, b"[" * rng.choice((1, 5000)))
    raw = clear.MAGIC + struct.pack(">I", len(body)) + body
    return raw + struct.pack(">I", zlib.crc32(raw)) + sample.whole[len(sample.header) :]


def _reframed(sample: Sample, rng: random.Random) -> bytes:
    """Frames that somebody made on purpose, rightly counted, hashed and signed where they are frames at all."""
    parts = sample.split()[:-1]
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.randrange(len(parts))
        kind, payload = parts[at]
        match rng.randrange(9):
            case 0:
                parts[at] = (rng.randrange(10), payload)
            case 1:
                parts[at] = (kind, _mutated(payload, rng, b"x" * 40) if payload else b"x")
            case 2:
                del parts[at]
            case 3:
                parts.insert(rng.randrange(len(parts) + 1), (kind, payload))
            case 4:
                rng.shuffle(parts)
            case 5:
                parts[0] = (inner.MANIFEST, zlib.compress(_manifest_text(sample, rng)))
            case 6:
                parts.insert(rng.randrange(len(parts) + 1), (inner.CHANGES, _bomb(rng.choice((1, 4, 5, 40)))))
            case 7:
                parts[0] = (inner.MANIFEST, _bomb(rng.choice((1, 16, 17, 60))))
            case _:
                sha, size = rng.randbytes(32), rng.choice((0, 5, 2**63, 2**64 - 1))
                parts.insert(at + 1, (inner.BLOB, struct.pack(">32sQ", sha, size)))
        if not parts:
            parts.append((kind, payload))
    plain = b"".join(struct.pack(">IB", len(p), k) + p for k, p in parts)
    head = struct.pack(">IBQQQ", 88, inner.FINAL, *_counted(parts))
    digest = hashlib.sha256(sample.header + plain + head).digest()
    plain += head + SENDER.sign(inner.signed_message(digest))
    return _mutated(plain, rng, sample.plain) if rng.random() < 0.2 else plain


def _manifest_text(sample: Sample, rng: random.Random) -> bytes:
    whole: Any = {"header": hashlib.sha256(sample.header).hexdigest(), "manifest": sample.manifest}
    match rng.randrange(7):
        case 0:
            deep = rng.choice((10, 300, 1100, 100_000))
            return b'{"manifest":' + b"[" * deep + b"]" * deep + b"}"
        case 1:
            return b'{"a":' * rng.choice((10, 300, 1100, 100_000))
        case 2:
            return _mutated(orjson.dumps(whole), rng, b"\xff\xfe\xed")
        case 3:
            whole[rng.choice(("header", "manifest"))] = rng.choice(_SPOILT)
        case 4:
            del whole[rng.choice(("header", "manifest"))]
        case 5:
            return b'{"manifest":{"a":[' + b"1," * rng.choice((5, 1000, 1_900_000, 2_100_000)) + b"1]}}"
        case _:
            return rng.choice(
                (b"", b"null", b"[]", b"1e999", b'"\\ud800"', b"9" * 10_000, b"NaN", b"\xef\xbb\xbf{}")
            )
    return orjson.dumps(whole)


def _bomb(megabytes: int) -> bytes:
    if megabytes not in _bombs:
        packer = zlib.compressobj(9)
        _bombs[megabytes] = b"".join(packer.compress(bytes(2**20)) for _ in range(megabytes)) + packer.flush()
    return _bombs[megabytes]


_bombs: dict[int, bytes] = {}


def _counted(parts: list[tuple[int, bytes]]) -> tuple[int, int, int]:
    """The counts that the last frame should have, as far as they can be told."""
    count = total = blobs = 0
    for kind, payload in parts:
        if kind == inner.CHANGES:
            count += 1
            try:
                total += len(zlib.decompressobj().decompress(payload, inner.LIMIT_FRAME + 1))
            except zlib.error:
                total += 1
        blobs += kind == inner.BLOB
    return count, total, blobs


def _taken(contents: "Reader | inner.Contents", rng: random.Random) -> Content | None:
    """Read everything to its proven end; now and then as a caller that looks at the manifest only (None)."""
    if rng.random() < 0.1:
        contents.finish(SENDER.public)
        return None
    parts = list(contents.frames())
    blobs = [(sha, size, b"".join(chunks)) for sha, size, chunks in contents.blobs()]
    contents.finish(SENDER.public)
    return contents.manifest, parts, blobs


def _sane(content: Content) -> bool:
    """What may come out of a package that its sender made so and signed: of the right types and within bounds."""
    manifest, parts, blobs = content
    right = all(size == len(b) and hashlib.sha256(b).hexdigest() == sha for sha, size, b in blobs)
    return isinstance(manifest, dict) and right and all(len(p) <= inner.LIMIT_FRAME for p in parts)


class _Stopped(Exception):
    """Cancelled by the person in front of the screen."""


class Worker:
    """Runs inputs and counts outcomes; faults are what must never be."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.rng = random.Random(seed)
        self.folder, self.path = folder, folder / "a.ktpack"
        self.samples = [Sample(folder, n, self.rng) for n in (1, 2, 3, 7)]
        self.outcomes: Counter[str] = Counter()
        self.slowest = 0.0

    def one(self, number: int) -> str | None:
        """One input: None, or what went wrong."""
        sample, other = self.rng.sample(self.samples, 2)
        ways: tuple[tuple[int, Callable[[Sample, Sample], str]], ...] = (
            (30, self._file), (10, self._file_with_end), (15, self._header), (20, self._plain), (15, self._sealed),
            (9, self._signed), (1, self._writing),
        )  # fmt: skip
        way = self.rng.choices([w for _, w in ways], [n for n, _ in ways])[0]
        name = way.__name__.strip("_")
        begun = time.perf_counter()
        try:
            outcome = way(sample, other)
        except Refused as refused:
            outcome = "refused: " + str(refused)
            if str(refused) not in _SENTENCES:
                return f"{name} {number}: not one of ours: {refused}"
        except BaseException as error:
            return f"{name} {number}: {type(error).__name__}: {error}"
        self.outcomes[f"{name:14} {outcome}"] += 1
        took = time.perf_counter() - begun
        self.slowest = max(self.slowest, took)
        if outcome.startswith("FAULT"):
            return f"{name} {number}: {outcome}"
        return f"{name} {number}: took {took:.1f} s" if took > SECONDS else None

    def _read(self, raw: bytes) -> Content | None:
        self.path.write_bytes(raw)
        with Reader(self.path, RECEIVER.private, None) as reader:
            return _taken(reader, self.rng)

    def _judged(self, found: Content | None, sample: Sample, same_bytes: bool) -> str:
        if found is not None and found != sample.content:
            return "FAULT: other content"
        return "untouched" if same_bytes else "FAULT: not the file that was written"

    def _file(self, sample: Sample, other: Sample) -> str:
        """The file as it is, spoilt."""
        raw = _mutated(sample.whole, self.rng, other.whole)
        if raw == other.whole:  # spliced at the very start
            sample = other
        return self._judged(self._read(raw), sample, raw == sample.whole)

    def _file_with_end(self, sample: Sample, other: Sample) -> str:
        """Spoilt inside the age stream only, header and end kept."""
        start, end = len(sample.header), len(sample.whole) - len(clear.END)
        raw = sample.header + _mutated(sample.whole[start:end], self.rng, other.whole[start:]) + clear.END
        return self._judged(self._read(raw), sample, raw == sample.whole)

    def _header(self, sample: Sample, other: Sample) -> str:
        raw = _reheaded(sample, self.rng)
        return self._judged(self._read(raw), sample, raw == sample.whole)

    def _plain(self, sample: Sample, other: Sample) -> str:
        """The frames, spoilt, straight into the parser."""
        plain = _mutated(sample.plain, self.rng, other.plain)
        found = _taken(inner.Contents(io.BytesIO(plain).read, sample.header), self.rng)
        return self._judged(found, sample, plain == sample.plain)

    def _sealed(self, sample: Sample, other: Sample) -> str:
        """The frames, spoilt and sealed again by somebody who has the key but not the sender's."""
        plain = _mutated(sample.plain, self.rng, other.plain)
        return self._judged(self._read(self._seal(plain, sample)), sample, plain == sample.plain)

    def _signed(self, sample: Sample, other: Sample) -> str:
        """Frames made on purpose by a station that we trust."""
        plain = _reframed(sample, self.rng)
        if self.rng.random() < 0.5:
            found = _taken(inner.Contents(io.BytesIO(plain).read, sample.header), self.rng)
        else:
            found = self._read(self._seal(plain, sample))
        return "signed" if found is None or _sane(found) else "FAULT: content out of bounds"

    def _seal(self, plain: bytes, sample: Sample) -> bytes:
        sink = io.BytesIO()
        pyrage.encrypt_io(io.BytesIO(plain), sink, seals.lock(SEAL).recipients)
        return sample.header + sink.getvalue() + clear.END

    def _writing(self, sample: Sample, other: Sample) -> str:
        """A writer that is stopped somewhere leaves nothing."""
        left = self.rng.randrange(12)
        target = self.folder / "w.ktpack"

        def stop(_: int) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise self.rng.choice((InterruptedError(4, "stopped"), _Stopped()))

        envelope = Envelope(1, "", "key", "0", 1, 1)
        blobs = [(sha, n, [b] if b else []) for sha, n, b in sample.blobs]
        try:
            container.write(
                target,
                envelope,
                sample.manifest,
                sample.frames,
                blobs,
                SEAL,
                SENDER.sign,
                SENDER.private,
                stop,
            )
        except (_Stopped, DiskTrouble):
            return self._nothing_left("stopped")
        if left < 0:
            return "FAULT: stopped, but written"
        with Reader(target, RECEIVER.private, None) as reader:
            same = _taken(reader, self.rng) in (None, sample.content)
        target.unlink()
        return self._nothing_left("written") if same else "FAULT: other content"

    def _nothing_left(self, outcome: str) -> str:
        left = [n for n in os.listdir(self.folder) if n != self.path.name]
        return f"FAULT: left {left}" if left else outcome


def _batch(seed: int, count: int) -> tuple[Counter[str], list[str], float, float]:
    """Outcomes, faults, the slowest in seconds, growth of memory in MB."""
    faulthandler.dump_traceback_later(count * SECONDS, exit=True)
    # In memory where there is such a place: thousands of small files, none of which must last.
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=place) as folder:
        worker = Worker(seed, Path(folder))
        start = data.peak_mb()
        faults = [fault for n in range(count) if (fault := worker.one(n))]
        left = [n for n in os.listdir(folder) if n != worker.path.name]
    if left:
        faults.append(f"left behind: {left}")
    if threading.active_count() > (1 if threading.current_thread() is threading.main_thread() else 2):
        faults.append(f"threads left: {threading.enumerate()}")
    grown = data.peak_mb() - start
    if grown > MEMORY_MB:
        faults.append(f"memory grew by {grown:.0f} MB")
    faulthandler.cancel_dump_traceback_later()
    return worker.outcomes, [f"seed {seed}: {f}" for f in faults], worker.slowest, grown


def run(argv: Sequence[str]) -> int:
    """Print outcomes; 1 if anything but a refusal or the untouched content came out."""
    parser = argparse.ArgumentParser(prog="fuzz_packages")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args(argv)
    batches = [min(BATCH, chosen.count - at) for at in range(0, chosen.count, BATCH)]
    seeds = [chosen.seed * 1000 + n for n in range(len(batches))]
    outcomes: Counter[str] = Counter()
    faults: list[str] = []
    slowest = grown = 0.0
    # A fresh process per batch, so that the growth of memory is that batch's.
    with ProcessPoolExecutor(os.cpu_count() or 1, max_tasks_per_child=1) as pool:
        for found, wrong, slow, more in pool.map(_batch, seeds, batches):
            outcomes += found
            faults += wrong
            slowest, grown = max(slowest, slow), max(grown, more)
    for name, n in sorted(outcomes.items()):
        print(f"   {n:7,}  {name}")
    print(f"   {sum(batches):,} inputs, seed {chosen.seed}; slowest {slowest:.2f} s, memory +{grown:.0f} MB")
    for fault in faults[:20]:
        print("   FAULT", fault)
    print(f"   {len(faults)} faults")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
