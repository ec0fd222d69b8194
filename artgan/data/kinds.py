"""Which kind of picture a file is, judged by its first bytes and not by its name."""

import re
import warnings
from functools import cache
from pathlib import Path

from PIL import features

PASSED_OVER = "hidden or a note"  # of files that nobody takes for pictures

# No others: some of Pillow's readers run another program, such as Ghostscript.
SIGNATURES = {
    "JPEG": rb"\xff\xd8\xff",
    "PNG": rb"\x89PNG\r\n\x1a\n",
    "GIF": rb"GIF8[79]a",
    "WEBP": rb"RIFF....WEBP",
    "TIFF": rb"II[*+]\0|MM\0[*+]",
    "BMP": rb"BM........",
    "AVIF": rb"....ftyp.*avi[fs]",
    "HEIF": rb"....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)",
    "JPEG2000": rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51",
    "PPM": rb"P[1-6]\s+[#\d]",
}
UPGRADE = "not read (pip install --upgrade pillow)"
OPTIONAL = {
    "HEIF": ".heic not read (pip install pillow-heif)",
    "AVIF": f".avif {UPGRADE}",
    "WEBP": f".webp {UPGRADE}",
    "JPEG2000": f".jp2 {UPGRADE}",
}
UNREAD_SIGNATURES = {  # of what is named as another kind
    ".jxl": rb"\xff\x0a|\0\0\0\x0cJXL ",
    ".pdf": rb"%PDF-",
    ".psd": rb"8BPS",
    ".svg": rb"(<\?xml[^>]*>\s*)?<svg",
    ".ico": rb"\0\0[\1\2]\0[\1-\x20]\0",
}
WEB_PAGE = rb"<(!doctype|html|head|body|\?xml|!--|error)|[{[]"  # or JSON, of errors
# Pictures to their owner, but not to Pillow, or a thumbnail only.
NOT_READ = {
    "save them as JPEG": ".nef .arw .dng .cr2 .cr3 .orf .rw2 .pef .srw .raf",
    "save them as PNG": ".psd .svg .jxl .ai .eps .xcf .kra .pdf .tga .ico .icns .exr "
    ".hdr .dds .pcx .wmf .emf",
    "save frames of them as PNG": ".mp4 .mov .avi .mkv .webm",
    "unpack them": ".zip .rar .7z .tar .gz .tgz",
    "unfinished downloads": ".part .partial .crdownload .download",
}


def picture_kind(start: bytes) -> str:
    """Name the kind of picture whose file starts so, such as "JPEG"; "" for none.

    start: the first 64 bytes, or all if there are fewer.
    """
    for kind, signature in SIGNATURES.items():
        if re.match(signature, start, re.DOTALL):
            return kind
    return ""


@cache
def can_read(kind: str) -> bool:
    """Tell whether this installation reads a kind; loads `pillow-heif` if need be."""
    if kind == "HEIF":
        try:
            from pillow_heif import register_heif_opener
        except Exception:  # missing, or made for another system
            return False
        register_heif_opener()
    elif kind in OPTIONAL:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an old Pillow knows no "avif"
            name = {"JPEG2000": "jpg_2000"}.get(kind, kind.lower())
            return bool(features.check(name))
    return True


def problem_of(path: Path) -> str:
    """Say why a regular file is not read as a picture; "" if it starts as one does."""
    ending = path.suffix.lower()
    hints = (hint for hint, endings in NOT_READ.items() if ending in endings.split())
    if ending and (hint := next(hints, "")):
        return f"{ending} not read ({hint})"
    try:
        with open(path, "rb") as file:
            start = file.read(64)
    except OSError as error:
        return f"not opened ({error.strerror})"
    kind = picture_kind(start)
    if kind:
        return "" if can_read(kind) else OPTIONAL[kind]
    return problem_of_other(start)


def problem_of_other(start: bytes) -> str:
    """Say what a file is that does not start as pictures do."""
    if not start:
        return "empty (0 bytes)"
    if start.startswith(b"\0\5\x16\7"):  # what a Mac leaves beside each file
        return PASSED_OVER
    if not start.strip(b"\0"):
        return "only zeros (not yet loaded from the cloud?)"
    if start.startswith(b"version https://git-lfs"):
        return "a note of Git LFS (git lfs pull brings the picture)"
    for format, signature in UNREAD_SIGNATURES.items():
        if re.match(signature, start, re.DOTALL):
            return f"{format} not read (save them as PNG)"
    text = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if re.match(WEB_PAGE, text, re.IGNORECASE):
        return "a web page (no picture came from the server)"
    return "no picture"
