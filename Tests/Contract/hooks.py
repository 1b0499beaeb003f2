"""What schemathesis cannot read off a schema: texts in notations of their own, and bodies that are no JSON."""
import json
import struct
import zlib

import schemathesis
from schemathesis.core import NOT_SET
from hypothesis import strategies as st

SIDE = 4  # small_model.py's images

# Valid whatever the variables of the field are called.
schemathesis.openapi.format("expression", st.sampled_from(["1", "2*3-1", "exp(1)", "sqrt(2)/3", "-0.5^2"]))
schemathesis.openapi.format("stakes", st.sampled_from(["35:1/37,-1:36/37", "1:0.5,-1:0.5", "2:1/3,-1:2/3"]))
schemathesis.openapi.format("shard", st.sampled_from(["0/1", "1/2", "3/16"]))
schemathesis.openapi.format("variables", st.sampled_from(["x1=normal:0:1", "x[1:3]=uniform:0:1,y=gumbel:1:2"]))
schemathesis.openapi.format("range", st.sampled_from(["0:1", "1:3", "0:4", "3:4"]))


def png(levels):
    """Grey with alpha, as the PNG specification (W3C, third edition) has it."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(
        b"\0" + bytes(byte for level in levels[row * SIDE:(row + 1) * SIDE] for byte in level) for row in range(SIDE)
    )
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 4, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


pixel = st.tuples(st.integers(0, 255), st.sampled_from([255, 255, 255, 0]))
schemathesis.openapi.media_type("image/png", st.lists(pixel, min_size=SIDE**2, max_size=SIDE**2).map(png))

line = st.fixed_dictionaries(
    {"image": st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=SIDE**2, max_size=SIDE**2)},
    optional={"iterations": st.integers(1, 20), "seed": st.integers(0, 2**53 - 1)},
).map(json.dumps)
schemathesis.openapi.media_type(
    "application/x-ndjson", st.lists(line, max_size=3).map(lambda lines: "\n".join(lines).encode())
)


@schemathesis.hook
def before_call(context, case, **kwargs):
    """A client must not send content in a TRACE request (RFC 9110, section 9.3.8)."""
    if case.method.upper() == "TRACE":
        case.body = NOT_SET
        case.media_type = None
