"""The C library as ctypes sees it: the structures and functions of stockmention.h, in its order, and where the library is.
One mirror of one header, to be held against it line by line; hence its length.

Nothing here is public; `stockmention` wraps all of it.
"""

import ctypes
import ctypes.util
import os
import sys
from ctypes import (
    CFUNCTYPE,
    POINTER,
    c_char,
    c_char_p,
    c_int,
    c_int32,
    c_int64,
    c_size_t,
    c_uint16,
    c_uint32,
    c_uint64,
    c_void_p,
)
from pathlib import Path
from typing import Dict, Iterator, List, Tuple, Type

# --- Version ----------------------------------------------------------------------------------------------------------

NEEDED_VERSION = (1, 0)
"""The first version of the library that has all that is declared here."""

# --- Status and errors ------------------------------------------------------------------------------------------------

OK, ERR_ARG, ERR_NOMEM, ERR_IO, ERR_FORMAT, ERR_TABLE, ERR_UNKNOWN, ERR_PATTERN, ERR_UNSUPPORTED = range(9)


class Error(ctypes.Structure):
    _fields_ = [
        ("status", c_int32),
        ("line", c_uint32),
        ("byte", c_uint64),
        ("file", c_char * 256),
        ("message", c_char * 512),
    ]


# --- Memory -----------------------------------------------------------------------------------------------------------


class Allocator(ctypes.Structure):
    _fields_ = [
        ("context", c_void_p),
        ("allocate", CFUNCTYPE(c_void_p, c_void_p, c_size_t)),
        ("reallocate", CFUNCTYPE(c_void_p, c_void_p, c_void_p, c_size_t)),
        ("release", CFUNCTYPE(None, c_void_p, c_void_p)),
    ]


class Buffer(ctypes.Structure):
    _fields_ = [("data", c_void_p), ("len", c_uint64), ("capacity", c_uint64)]


# --- Dictionaries -----------------------------------------------------------------------------------------------------


class DictInfo(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("format_version", c_uint32),
        ("as_of", c_int32),
        ("reserved", c_uint32),
        ("version", c_char_p),
        ("hash", c_uint64),
        ("size", c_uint64),
        ("n_securities", c_uint64),
        ("n_issuers", c_uint64),
        ("n_names", c_uint64),
        ("n_notations", c_uint64),
        ("n_providers", c_uint64),
        ("n_surfaces", c_uint64),
    ]


class BuildOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("as_of", c_int32),
        ("base", c_void_p),
        ("paths", POINTER(c_char_p)),
        ("n_paths", c_uint64),
    ]


# --- Engines and scanners ---------------------------------------------------------------------------------------------

KERNELS = ("auto", "c", "avx2", "avx512", "neon")


class EngineOptions(ctypes.Structure):
    _fields_ = [("struct_size", c_uint32), ("kernel", c_uint32), ("allocator", POINTER(Allocator))]


# --- Documents and options --------------------------------------------------------------------------------------------

FORMATS = ("auto", "text", "html", "markdown")
SCOPES = ("strict", "broad")
OFFSETS_BYTE, OFFSETS_CODEPOINT = 0, 1
LIMITS = {1: "mentions", 2: "bytes", 4: "depth", 8: "steps"}


class Document(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("format", c_uint32),
        ("text", c_char_p),
        ("text_len", c_uint64),
        ("title", c_char_p),
        ("title_len", c_uint64),
        ("url", c_char_p),
        ("url_len", c_uint64),
        ("source", c_char_p),
        ("source_len", c_uint64),
        ("date", c_int32),
        ("reserved", c_uint32),
        ("charset", c_char_p),
        ("charset_len", c_uint64),
    ]


class ExtractOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("as_of", c_int32),
        ("scope", c_uint32),
        ("offsets", c_uint32),
        ("min_confidence", c_uint16),
        ("unlisted", c_uint16),
        ("counts", c_uint16),
        ("reserved", c_uint16),
        ("prefer", POINTER(c_char_p)),
        ("n_prefer", c_uint64),
        ("only", POINTER(c_char_p)),
        ("n_only", c_uint64),
        ("exclude", POINTER(c_char_p)),
        ("n_exclude", c_uint64),
        ("max_mentions", c_uint64),
        ("skip", POINTER(c_char_p)),
        ("n_skip", c_uint64),
        ("max_bytes", c_uint64),
        ("max_depth", c_uint32),
        ("context_bytes", c_uint32),
        ("max_steps", c_uint64),
    ]


# --- The text of a document --------------------------------------------------------------------------------------------


class TextPiece(ctypes.Structure):
    _fields_ = [("start", c_uint64), ("source_start", c_uint64), ("source_end", c_uint64)]


class TextRun(ctypes.Structure):
    _fields_ = [
        ("text", c_void_p),
        ("len", c_uint64),
        ("pieces", c_void_p),
        ("n_pieces", c_uint64),
        ("region", c_uint32),
        ("reserved", c_uint32),
    ]


# --- Extraction and results -------------------------------------------------------------------------------------------


class Batch(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("format", c_uint32),
        ("text", c_char_p),
        ("offsets", c_void_p),
        ("n_documents", c_uint64),
        ("dates", c_void_p),
        ("n_threads", c_uint32),
        ("reserved", c_uint32),
        ("charset", c_char_p),
        ("charset_len", c_uint64),
    ]


class Mention(ctypes.Structure):
    _fields_ = [
        ("start", c_uint64),
        ("end", c_uint64),
        ("start_units", c_uint64),
        ("end_units", c_uint64),
        ("field", c_uint32),
        ("kind", c_uint32),
        ("region", c_uint32),
        ("role", c_uint32),
        ("security", c_uint32),
        ("first_candidate", c_uint32),
        ("n_candidates", c_uint32),
        ("confidence", c_uint16),
        ("reserved", c_uint16),
        ("evidence", c_uint64),
        ("text", c_char_p),
        ("name", c_char_p),
        ("document", c_uint64),
    ]


class Candidate(ctypes.Structure):
    _fields_ = [("security", c_uint32), ("confidence", c_uint16), ("reserved", c_uint16)]


SECURITY_UNKNOWN = 4


class Security(ctypes.Structure):
    _fields_ = [
        ("id", c_char_p),
        ("issuer", c_char_p),
        ("name", c_char_p),
        ("type", c_char_p),
        ("then", c_char_p),
        ("status", c_uint32),
        ("handle", c_uint32),
    ]


class Rollup(ctypes.Structure):
    _fields_ = [
        ("security", c_uint32),
        ("count", c_uint32),
        ("first_mention", c_uint32),
        ("salience", c_uint16),
        ("reserved", c_uint16),
    ]


BY_SECURITY = 0


class DocumentInfo(ctypes.Structure):
    _fields_ = [
        ("first_mention", c_uint64),
        ("n_mentions", c_uint64),
        ("first_security", c_uint64),
        ("n_securities", c_uint64),
        ("first_row", c_uint64 * 2),
        ("n_rows", c_uint64 * 2),
        ("n_invalid", c_uint64),
        ("first_invalid", c_uint64),
        ("as_of", c_int32),
        ("limits", c_uint32),
        ("charset", c_char_p),
        ("flags", c_uint32),
        ("reserved", c_uint32),
        ("n_read", c_uint64),
    ]


class Finding(ctypes.Structure):
    _fields_ = [
        ("name_start", c_uint64),
        ("name_end", c_uint64),
        ("code_start", c_uint64),
        ("code_end", c_uint64),
        ("name_start_units", c_uint64),
        ("name_end_units", c_uint64),
        ("code_start_units", c_uint64),
        ("code_end_units", c_uint64),
        ("field", c_uint32),
        ("region", c_uint32),
        ("kind", c_uint32),
        ("severity", c_uint32),
        ("name", c_char_p),
        ("code", c_char_p),
        ("name_ids", c_char_p),
        ("code_id", c_char_p),
        ("code_name", c_char_p),
        ("right", c_char_p),
        ("message", c_char_p),
    ]


# --- Arrow ------------------------------------------------------------------------------------------------------------


class ArrowSchema(ctypes.Structure):
    pass


class ArrowArray(ctypes.Structure):
    pass


class ArrowArrayStream(ctypes.Structure):
    pass


ArrowSchema._fields_ = [
    ("format", c_char_p),
    ("name", c_char_p),
    ("metadata", c_void_p),
    ("flags", c_int64),
    ("n_children", c_int64),
    ("children", POINTER(POINTER(ArrowSchema))),
    ("dictionary", POINTER(ArrowSchema)),
    ("release", CFUNCTYPE(None, POINTER(ArrowSchema))),
    ("private_data", c_void_p),
]
ArrowArray._fields_ = [
    ("length", c_int64),
    ("null_count", c_int64),
    ("offset", c_int64),
    ("n_buffers", c_int64),
    ("n_children", c_int64),
    ("buffers", POINTER(c_void_p)),
    ("children", POINTER(POINTER(ArrowArray))),
    ("dictionary", POINTER(ArrowArray)),
    ("release", CFUNCTYPE(None, POINTER(ArrowArray))),
    ("private_data", c_void_p),
]
ArrowArrayStream._fields_ = [
    ("get_schema", CFUNCTYPE(c_int, POINTER(ArrowArrayStream), POINTER(ArrowSchema))),
    ("get_next", CFUNCTYPE(c_int, POINTER(ArrowArrayStream), POINTER(ArrowArray))),
    ("get_last_error", CFUNCTYPE(c_char_p, POINTER(ArrowArrayStream))),
    ("release", CFUNCTYPE(None, POINTER(ArrowArrayStream))),
    ("private_data", c_void_p),
]

LAYOUTS = ("lists", "mentions", "columns")


class ArrowOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("format", c_uint32),
        ("n_threads", c_uint32),
        ("reserved", c_uint32),
        ("text", c_char_p),
        ("charset", c_char_p),
    ]


# --- Annotating -------------------------------------------------------------------------------------------------------

STYLES = ("link", "eastmoney", "markdown", "ansi", "report")
ANNOTATE_ALL, ANNOTATE_ADD, ANNOTATE_SKIP_HEADINGS = 1, 2, 4


class AnnotateOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("style", c_uint32),
        ("flags", c_uint32),
        ("reserved", c_uint32),
        ("max_links", c_uint64),
        ("provider", c_char_p),
        ("url", c_char_p),
        ("class_name", c_char_p),
        ("rel", c_char_p),
        ("target", c_char_p),
    ]


# --- Explaining -------------------------------------------------------------------------------------------------------


class ExplainedLine(ctypes.Structure):
    _fields_ = [
        ("security", c_char_p),
        ("features", c_uint64),
        ("score", c_int32),
        ("confidence", c_uint16),
        ("reserved", c_uint16),
    ]


class Explanation(ctypes.Structure):
    _fields_ = [
        ("start", c_uint64),
        ("end", c_uint64),
        ("start_units", c_uint64),
        ("end_units", c_uint64),
        ("field", c_uint32),
        ("kind", c_uint32),
        ("region", c_uint32),
        ("decision", c_uint32),
        ("over", c_uint32),
        ("score", c_int32),
        ("threshold", c_int32),
        ("confidence", c_uint16),
        ("reserved", c_uint16),
        ("features", c_uint64),
        ("first_line", c_uint32),
        ("n_lines", c_uint32),
        ("text", c_char_p),
        ("name", c_char_p),
        ("name_kind", c_char_p),
        ("name_security", c_char_p),
        ("surface", c_char_p),
        ("notation", c_char_p),
    ]


# --- Looking up and linking -------------------------------------------------------------------------------------------

MATCHES = ("", "id", "code", "name", "url")


class Found(ctypes.Structure):
    _fields_ = [
        ("security", Security),
        ("match", c_uint32),
        ("status_then", c_uint32),
        ("name", c_char_p),
        ("kind", c_char_p),
        ("name_then", c_char_p),
    ]


class Provider(ctypes.Structure):
    _fields_ = [("id", c_char_p), ("kind", c_char_p), ("writes", c_uint32), ("reserved", c_uint32)]


# The structures above by their names in the library, which is asked for their sizes: a slip in a mirror, or a library of
# another time, would shift every field behind it without a word. Those that come in arrays may be longer than is known
# here.
_STRUCTURES: Dict[str, Type[ctypes.Structure]] = {
    "error": Error,
    "allocator": Allocator,
    "buffer": Buffer,
    "dict_info": DictInfo,
    "build_options": BuildOptions,
    "engine_options": EngineOptions,
    "document": Document,
    "extract_options": ExtractOptions,
    "text_piece": TextPiece,
    "text_run": TextRun,
    "batch": Batch,
    "mention": Mention,
    "candidate": Candidate,
    "security": Security,
    "rollup": Rollup,
    "document_info": DocumentInfo,
    "finding": Finding,
    "arrow_options": ArrowOptions,
    "annotate_options": AnnotateOptions,
    "explained_line": ExplainedLine,
    "explanation": Explanation,
    "found": Found,
    "provider": Provider,
}
_IN_ARRAYS = (
    "text_run",
    "mention",
    "candidate",
    "security",
    "rollup",
    "document_info",
    "finding",
    "explained_line",
    "explanation",
)

# --- The functions ----------------------------------------------------------------------------------------------------

_FUNCTIONS: Tuple[Tuple[str, object, Tuple[object, ...]], ...] = (
    ("sm_version", c_char_p, ()),
    ("sm_struct_size", c_uint32, (c_char_p,)),
    ("sm_status_text", c_char_p, (c_int32,)),
    ("sm_buffer_free", None, (POINTER(Buffer),)),
    ("sm_dict_default", c_void_p, ()),
    ("sm_dict_open", c_int32, (c_char_p, POINTER(c_void_p), POINTER(Error))),
    ("sm_dict_free", None, (c_void_p,)),
    ("sm_dict_describe", c_int32, (c_void_p, POINTER(DictInfo))),
    ("sm_build_options_init", None, (POINTER(BuildOptions), c_uint32)),
    (
        "sm_dict_build",
        c_int32,
        (POINTER(BuildOptions), POINTER(Buffer), POINTER(Buffer), POINTER(Error)),
    ),
    ("sm_dict_dump", c_int32, (c_void_p, c_char_p, POINTER(Buffer), POINTER(Error))),
    ("sm_engine_options_init", None, (POINTER(EngineOptions), c_uint32)),
    ("sm_engine_open", c_int32, (c_void_p, POINTER(EngineOptions), POINTER(c_void_p), POINTER(Error))),
    ("sm_engine_free", None, (c_void_p,)),
    ("sm_engine_dict", c_void_p, (c_void_p,)),
    ("sm_engine_kernel", c_char_p, (c_void_p,)),
    ("sm_scanner_new", c_int32, (c_void_p, POINTER(c_void_p), POINTER(Error))),
    ("sm_scanner_free", None, (c_void_p,)),
    ("sm_document_init", None, (POINTER(Document), c_uint32)),
    ("sm_date_parse", c_int32, (c_char_p, c_uint64)),
    ("sm_extract_options_init", None, (POINTER(ExtractOptions), c_uint32)),
    (
        "sm_text_read_with",
        c_int32,
        (POINTER(Document), POINTER(ExtractOptions), POINTER(c_void_p), POINTER(Error)),
    ),
    ("sm_text_free", None, (c_void_p,)),
    ("sm_text_decode", c_int32, (POINTER(Document), POINTER(Buffer), POINTER(c_uint64), POINTER(Error))),
    ("sm_text_run_count", c_uint64, (c_void_p,)),
    ("sm_text_runs", c_void_p, (c_void_p, POINTER(c_uint32))),
    (
        "sm_engine_extract",
        c_int32,
        (c_void_p, c_void_p, POINTER(Document), POINTER(ExtractOptions), POINTER(c_void_p), POINTER(Error)),
    ),
    ("sm_batch_init", None, (POINTER(Batch), c_uint32)),
    (
        "sm_engine_extract_batch",
        c_int32,
        (c_void_p, POINTER(Batch), POINTER(ExtractOptions), POINTER(c_void_p), POINTER(Error)),
    ),
    (
        "sm_stream_open",
        c_int32,
        (c_void_p, POINTER(Document), POINTER(ExtractOptions), POINTER(c_void_p), POINTER(Error)),
    ),
    ("sm_stream_feed", c_int32, (c_void_p, c_char_p, c_uint64, POINTER(c_void_p), POINTER(Error))),
    ("sm_stream_finish", c_int32, (c_void_p, POINTER(c_void_p), POINTER(Error))),
    ("sm_stream_free", None, (c_void_p,)),
    (
        "sm_check",
        c_int32,
        (c_void_p, c_void_p, POINTER(Document), POINTER(ExtractOptions), POINTER(c_void_p), POINTER(Error)),
    ),
    (
        "sm_engine_explain",
        c_int32,
        (c_void_p, c_void_p, POINTER(Document), POINTER(ExtractOptions), POINTER(c_void_p), POINTER(Error)),
    ),
    ("sm_engine_weight", c_int32, (c_void_p, c_uint32, c_uint32)),
    ("sm_result_free", None, (c_void_p,)),
    ("sm_arrow_options_init", None, (POINTER(ArrowOptions), c_uint32)),
    (
        "sm_engine_extract_arrow",
        c_int32,
        (
            c_void_p,
            POINTER(ArrowSchema),
            POINTER(POINTER(ArrowArray)),
            c_uint64,
            POINTER(ArrowOptions),
            POINTER(ExtractOptions),
            POINTER(c_void_p),
            POINTER(Error),
        ),
    ),
    ("sm_result_arrow", c_int32, (c_void_p, c_uint32, POINTER(ArrowSchema), POINTER(ArrowArray), POINTER(Error))),
    (
        "sm_engine_stream_arrow",
        c_int32,
        (
            c_void_p,
            POINTER(ArrowArrayStream),
            POINTER(ArrowOptions),
            POINTER(ExtractOptions),
            c_uint32,
            POINTER(ArrowArrayStream),
            POINTER(Error),
        ),
    ),
    ("sm_annotate_options_init", None, (POINTER(AnnotateOptions), c_uint32)),
    (
        "sm_engine_annotate",
        c_int32,
        (
            c_void_p,
            c_void_p,
            POINTER(Document),
            POINTER(ExtractOptions),
            POINTER(AnnotateOptions),
            POINTER(Buffer),
            POINTER(Error),
        ),
    ),
    ("sm_kind_word", c_char_p, (c_uint32,)),
    ("sm_region_word", c_char_p, (c_uint32,)),
    ("sm_role_word", c_char_p, (c_uint32,)),
    ("sm_field_word", c_char_p, (c_uint32,)),
    ("sm_security_status_word", c_char_p, (c_uint32,)),
    ("sm_evidence_word", c_char_p, (c_uint32,)),
    ("sm_decision_word", c_char_p, (c_uint32,)),
    ("sm_result_mention_count", c_uint64, (c_void_p,)),
    ("sm_result_mentions", c_void_p, (c_void_p, POINTER(c_uint32))),
    ("sm_result_candidate_count", c_uint64, (c_void_p,)),
    ("sm_result_candidates", c_void_p, (c_void_p, POINTER(c_uint32))),
    ("sm_result_security_count", c_uint64, (c_void_p,)),
    ("sm_result_securities", c_void_p, (c_void_p, POINTER(c_uint32))),
    ("sm_result_rollup", c_uint64, (c_void_p, c_uint32, POINTER(c_void_p), POINTER(c_uint32))),
    ("sm_result_rollup_at", c_void_p, (c_void_p, c_uint32, c_uint64)),
    ("sm_result_explanation_count", c_uint64, (c_void_p,)),
    ("sm_result_explanations", c_void_p, (c_void_p, POINTER(c_uint32))),
    ("sm_result_decided", c_uint64, (c_void_p, c_uint32)),
    ("sm_result_unknown_codes", c_uint64, (c_void_p,)),
    ("sm_result_explained_line_count", c_uint64, (c_void_p,)),
    ("sm_result_explained_lines", c_void_p, (c_void_p, POINTER(c_uint32))),
    ("sm_result_document_count", c_uint64, (c_void_p,)),
    ("sm_result_documents", c_void_p, (c_void_p, POINTER(c_uint32))),
    ("sm_result_as_of", c_int32, (c_void_p,)),
    ("sm_result_invalid_bytes", c_uint64, (c_void_p, POINTER(c_uint64))),
    ("sm_result_limits", c_uint32, (c_void_p,)),
    ("sm_finding_word", c_char_p, (c_uint32,)),
    ("sm_severity_word", c_char_p, (c_uint32,)),
    ("sm_result_finding_count", c_uint64, (c_void_p,)),
    ("sm_result_findings", c_void_p, (c_void_p, POINTER(c_uint32))),
    (
        "sm_lookup",
        c_int32,
        (c_void_p, c_char_p, c_uint64, c_int32, POINTER(Found), c_uint64, POINTER(c_uint64), POINTER(Error)),
    ),
    ("sm_link", c_int32, (c_void_p, c_char_p, c_char_p, POINTER(Buffer), POINTER(Error))),
    ("sm_provider_at", c_int32, (c_void_p, c_uint32, POINTER(Provider))),
)

# --- Finding the library ----------------------------------------------------------------------------------------------

_FILE_NAME = "libstockmention.dylib" if sys.platform == "darwin" else "libstockmention.so"
_BUILDS = ("release", "dev", "clang")


def _places() -> Iterator[str]:
    """Where the library may be, best first: beside this file, in the tarball, in the build tree, where the system's loader
    looks."""
    package = Path(__file__).resolve().parent
    yield str(package / _FILE_NAME)
    yield str(package.parents[1] / "lib" / _FILE_NAME)
    for build in _BUILDS:
        yield str(package.parents[2] / "build" / build / _FILE_NAME)
    installed = ctypes.util.find_library("stockmention")
    if installed:
        yield installed


def _open(place: str) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(place)
    except OSError as error:
        raise ImportError(f"the stockmention library {place} cannot be loaded: {error}") from error


def _find() -> ctypes.CDLL:
    told = os.environ.get("STOCKMENTION_LIBRARY")
    if told:
        return _open(told)
    tried: List[str] = []
    for place in _places():
        # What the system's loader found may be a bare file name, for which the loader knows the folder.
        if os.sep not in place or os.path.exists(place):
            return _open(place)
        tried.append(place)
    raise ImportError(
        "the stockmention library was not found. Build it (cmake --preset release && cmake --build --preset release), "
        "install it, or set STOCKMENTION_LIBRARY to the path of " + _FILE_NAME + ". Looked for: " + ", ".join(tried)
    )


def _check_version(found: ctypes.CDLL) -> None:
    version = found.sm_version().decode()
    parts = tuple(int(part) for part in version.split(".")[:2])
    if parts[0] != NEEDED_VERSION[0] or parts < NEEDED_VERSION:
        needed = ".".join(map(str, NEEDED_VERSION))
        raise ImportError(f"the stockmention library is version {version}; this package needs {needed}: install both from one release")


def _check_sizes(found: ctypes.CDLL) -> Dict[str, int]:
    actual = {name: int(found.sm_struct_size(name.encode())) for name in _STRUCTURES}
    for name, structure in _STRUCTURES.items():
        size = ctypes.sizeof(structure)
        if actual[name] < size or (actual[name] > size and name not in _IN_ARRAYS):
            raise ImportError(
                f"{found._name}: sm_{name} has {actual[name]} bytes, where this package expects {size}: library and package "
                "are of different builds, so install both anew"
            )
    return actual


def _load() -> ctypes.CDLL:
    found = _find()
    for name, result, arguments in _FUNCTIONS:
        try:
            function = getattr(found, name)
        except AttributeError:
            raise ImportError(f"{found._name} has no {name}: it is no stockmention library, or an older one: install both from one release") from None
        function.restype = result
        function.argtypes = arguments
    _check_version(found)
    return found


library = _load()

sizes = _check_sizes(library)
"""The bytes of each structure in the library; those of arrays are the strides."""

MEMORY = memoryview((c_char * sys.maxsize).from_address(0)).cast("B")
"""The process's own, by address: a slice of it is had in less than half the time of string_at, which for a short text counts."""
