"""The checksum of all mentions, as bench_lines has it, of what the command writes: so both find the same."""

import json
import struct
import subprocess
from pathlib import Path
from typing import Any, Dict, Iterable

import material


def hash_bytes(value: int, data: bytes) -> int:
    """FNV-1a from `value` on."""
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def of_documents(documents: Iterable[Dict[str, Any]]) -> str:
    """Over document, start, end and security of each mention, in order."""
    value = 0
    for number, document in enumerate(documents):
        for mention in document["mentions"]:
            place = struct.pack("<3Q", number, mention["start"], mention["end"])
            value = hash_bytes(value, place + mention["security"].encode("utf-8"))
    return f"{value:016x}"


def of_command(cli: Path, text: Path) -> str:
    """The command's own, with each line of the text as a document."""
    command = [str(cli), "extract", "--ndjson"]
    done = subprocess.run(command, input=material.ndjson(text).encode("utf-8"), stdout=subprocess.PIPE, check=True)
    return of_documents(json.loads(line) for line in done.stdout.split(b"\n") if line)
