"""A test of overwriting: does it happen in place, here? Asked of the disk itself, with a file that has no name.

A file system may be of a good kind and yet made so that small files lie among its own records (ext4's inline_data),
where its journal keeps a copy of each change. Where the kernel says nothing, nothing is known.
"""

import fcntl
import os
import struct
from contextlib import suppress
from pathlib import Path

_FIEMAP = 0xC020660B  # FS_IOC_FIEMAP
_HEAD, _EXTENT = struct.Struct("=QQIIII"), struct.Struct("=QQQQQIIII")
# FIEMAP's flags for extents that are unknown, delayed, encoded, encrypted, inline, in a tail, shared.
_ELSEWHERE = 0x2 | 0x4 | 0x8 | 0x80 | 0x200 | 0x400 | 0x2000
_SIZE = 32


def relocates_writes(folder: Path) -> bool:
    """Return whether a small file there is seen to move, or to lie among other data, when it is overwritten."""
    there = next(each for each in (folder, *folder.parents) if each.is_dir())
    with suppress(OSError):
        descriptor = os.open(there, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            return _moves(descriptor)
        finally:
            os.close(descriptor)
    return False


def _moves(descriptor: int) -> bool:
    found = []
    for _ in range(2):
        os.pwrite(descriptor, os.urandom(_SIZE), 0)
        os.fsync(descriptor)
        found.append(_place(descriptor))
    return found[0] != found[1] or any(flags & _ELSEWHERE for _, flags in found)


def _place(descriptor: int) -> tuple[int, int]:
    """Return where the file's only extent lies on the disk, in bytes, and the kernel's flags of it."""
    asked = bytearray(_HEAD.pack(0, 2**64 - 1, 0, 0, 1, 0) + bytes(_EXTENT.size))
    fcntl.ioctl(descriptor, _FIEMAP, asked)
    _, physical, _, _, _, flags, *_ = _EXTENT.unpack_from(asked, _HEAD.size)
    return physical, flags
