#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Writes msgpack.tsv and json.tsv with encoders that are not ours: PyPI's msgpack and Python's json.

Columns of msgpack.tsv: name, type, input (hex), notation, output (hex; "=": the input; "-": not written).
Columns of json.tsv: name, type, input (text), notation, output (text; "=" and "-" as above).
The notation is JSON in which ? is an unknown, and a value of dynamic type has its type in front: <"bool">true.
A notation that starts with "!" is an error; what follows is part of its message.
"""
import json
import os
import struct

import msgpack

S, N, B, D = "string", "number", "bool", "dynamic"
SL, SS, SM = ["list", S], ["set", S], ["map", S]
OBJ = ["object", {"b": S, "a": N, "c": B}]
RULE = ["object", {"from": N, "to": N}]


class Unknown:
    pass


class Typed:
    """A value where the type is dynamic."""

    def __init__(self, type_, value):
        self.type, self.value = type_, value


class Digits(str):
    """A number that goes as text."""


U = Unknown()


def type_text(type_):
    return json.dumps(type_, separators=(",", ":"), sort_keys=True)


def quote(text):
    out = ""
    for c in text:
        out += "\\" + c if c in '"\\' else "\\u%04x" % ord(c) if ord(c) < 32 else c
    return '"' + out + '"'


def notation(v):
    if isinstance(v, Unknown):
        return "?"
    if isinstance(v, Typed):
        return "<%s>%s" % (type_text(v.type), notation(v.value))
    if v is None or isinstance(v, bool):
        return {None: "null", True: "true", False: "false"}[v]
    if isinstance(v, Digits):
        return str(v)
    if isinstance(v, str):
        return quote(v)
    if isinstance(v, int):
        return str(v)
    if isinstance(v, float):
        from decimal import Decimal
        return format(Decimal(v), "f")
    if isinstance(v, (list, tuple)):
        return "[" + ",".join(notation(i) for i in v) + "]"
    return "{" + ",".join(quote(k) + ":" + notation(v[k]) for k in sorted(v, key=str.encode)) + "}"


def plain(v):
    """As msgpack wants it."""
    if isinstance(v, Unknown):
        return msgpack.ExtType(0, b"\0")
    if isinstance(v, Typed):
        return [type_text(v.type).encode(), plain(v.value)]
    if isinstance(v, Digits):
        return str(v)
    if isinstance(v, (list, tuple)):
        return [plain(i) for i in v]
    if isinstance(v, dict):
        return {k: plain(v[k]) for k in sorted(v, key=str.encode)}
    return v


def pack(v):
    return msgpack.packb(plain(v), use_bin_type=True)


M, J = [], []


def good(name, type_, value, raw=None):
    """A value as the encoder packs it; with `raw`, another encoding of it that must be read too."""
    canonical = pack(value)
    out = "=" if raw is None or raw == canonical else canonical.hex()
    M.append((name, type_text(type_), (canonical if raw is None else raw).hex(), notation(value), out))


def bad(name, type_, raw, message):
    M.append((name, type_text(type_), raw.hex(), "!" + message, "-"))


def integers():
    edges = [0, 1, 127, 128, 255, 256, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**53, 2**53 + 1, 2**63 - 1,
             -1, -32, -33, -128, -129, -32768, -32769, -2**31, -2**31 - 1, -2**53 - 1, -2**63]
    for n in edges:
        good("integer %d" % n, N, n)
    for n in (5, 127, 200, 255):
        good("uint8 %d" % n, N, n, b"\xcc" + struct.pack(">B", n))
    for n in (5, 65535):
        good("uint16 %d" % n, N, n, b"\xcd" + struct.pack(">H", n))
    for n in (5, 2**32 - 1):
        good("uint32 %d" % n, N, n, b"\xce" + struct.pack(">I", n))
    for n in (5, 2**63 - 1):
        good("uint64 %d" % n, N, n, b"\xcf" + struct.pack(">Q", n))
    for n in (2**63, 2**64 - 1):
        good("uint64 beyond int64 %d" % n, N, Digits(n), b"\xcf" + struct.pack(">Q", n))
    for code, form, n in ((0xD0, ">b", -5), (0xD0, ">b", -128), (0xD1, ">h", -5), (0xD1, ">h", -32768),
                          (0xD2, ">i", -5), (0xD2, ">i", -2**31), (0xD3, ">q", -5), (0xD3, ">q", -2**63),
                          (0xD0, ">b", 5), (0xD1, ">h", 5), (0xD2, ">i", 5), (0xD3, ">q", 5)):
        good("int %02x %d" % (code, n), N, n, bytes([code]) + struct.pack(form, n))


def numbers():
    for real in (1.5, -0.25, 2.0**-60, 123456.75, 5e-324, 1.7e-308, 0.1):
        good("double %r" % real, N, real)
    good("whole double", N, 3, struct.pack(">Bd", 0xCB, 3.0))
    good("negative zero", N, 0, struct.pack(">Bd", 0xCB, -0.0))
    good("large whole double", N, Digits(10**22), struct.pack(">Bd", 0xCB, 1e22))
    good("float32", N, 1.5, struct.pack(">Bf", 0xCA, 1.5))
    for d in ("0.1", "-0.1", "9223372036854775808", "-9223372036854775809", "1" + "0" * 40,
              "123456789012345678901234567890.5", "0." + "0" * 100 + "1", "18446744073709551616", "3." + "14159" * 30,
              "9" * 5000):
        good("digits " + d[:24], N, Digits(d))
    for text, digits in (("1e3", 1000), ("1.50", 1.5), ("-0", 0), ("007", 7), ("2.5E-1", 0.25), ("+4", 4),
                         ("9223372036854775807", 2**63 - 1), ("100e-2", 1), ("0e999999999999", 0), ("1.000", 1)):
        good("spelling " + text, N, digits, msgpack.packb(text))
    good("digits as bytes", N, 12, msgpack.packb(b"12"))
    for text in ("", "-", "1.", ".5", "1e", "e3", "0x10", "1 ", " 1", "1,5", "inf", "NaN", "1e99999", "1e-99999",
                 "1e999999999999999999999", "--1", "1-", "9" * 5000 + "e5000"):
        bad("no number " + text[:20], N, msgpack.packb(text), "the text for a number")
    for real in (float("inf"), float("-inf"), float("nan")):
        bad("no number %r" % real, N, struct.pack(">Bd", 0xCB, real), "infinite")


def strings():
    for length in (0, 1, 31, 32, 255, 256):
        good("string of %d" % length, S, "x" * length)
    for text in ("accept", "\u00e9", "e\u0301", "\u65e5\u672c", "\U0001F600", "a\0b", 'q"\\', "tab\tline\n", "\x7f"):
        good("string %r" % text, S, text)
    good("str8 short", S, "ab", b"\xd9\x02ab")
    good("str16 short", S, "ab", b"\xda\x00\x02ab")
    good("str32 short", S, "ab", b"\xdb\x00\x00\x00\x02ab")
    good("bin8", S, "ab", b"\xc4\x02ab")
    good("bin16", S, "ab", b"\xc5\x00\x02ab")
    good("bin32", S, "ab", b"\xc6\x00\x00\x00\x02ab")
    for raw in (b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"):
        bad("not UTF-8 " + raw.hex(), S, b"\xd9" + bytes([len(raw)]) + raw, "not UTF-8")


def unknowns():
    for type_ in (S, N, B, D, SL, SS, SM, OBJ, ["tuple", [S]]):
        good("unknown " + type_text(type_), type_, U)
        good("null " + type_text(type_), type_, None)
        M.append(("empty " + type_text(type_), type_text(type_), "", "null", "c0"))
    good("unknown, other code", S, U, b"\xd4\x63\x07")
    good("unknown, no body", S, U, b"\xc7\x00\x0c")
    for name, hints in (("not null", {1: False}), ("prefix", {1: False, 2: "i-"}), ("bounds", {3: [1, True]}),
                        ("long", {2: "x" * 250}), ("lengths", {5: 1, 6: 10})):
        body = msgpack.packb(hints)
        good("refined, " + name, S, U, msgpack.packb(msgpack.ExtType(12, body)))
    for width in (2, 4, 8, 16):
        good("refined, fixext%d" % width, N, U, msgpack.packb(msgpack.ExtType(12, b"\x80" + b"\0" * (width - 1))))
    good("refined, ext16", S, U, b"\xc8\x00\x03\x0c\x81\x01\xc2")
    good("refined, ext32", S, U, b"\xc9\x00\x00\x00\x03\x0c\x81\x01\xc2")
    good("refined, just small enough", S, U, msgpack.packb(msgpack.ExtType(12, b"\x80" * 1024)))
    bad("refined, too large", S, msgpack.packb(msgpack.ExtType(12, b"\x80" * 1025)), "1025 bytes of hints")
    bad("unknown extension", S, msgpack.packb(msgpack.ExtType(7, b"abc")), "extension type 7")
    bad("unknown extension of two", S, msgpack.packb(msgpack.ExtType(7, b"ab")), "extension type 7")
    bad("timestamp", S, b"\xd6\xff\0\0\0\0", "extension type -1")


def containers():
    for count in (0, 1, 15, 16):
        good("list of %d" % count, SL, ["a"] * count)
    good("list with null and unknown", SL, ["a", None, U, "b"])
    good("array16 short", SL, ["a"], b"\xdc\x00\x01\xa1a")
    good("array32 short", SL, ["a"], b"\xdd\x00\x00\x00\x01\xa1a")
    good("set", SS, ["b", "a"])
    good("list of lists", ["list", ["list", N]], [[1], [], [2, 3]])
    good("tuple", ["tuple", [S, N, B]], ["a", 1, True])
    good("empty tuple", ["tuple", []], [])
    for count in (0, 1, 15, 16):
        good("map of %d" % count, SM, {"k%05d" % i: "v" for i in range(count)})
    good("map out of order", SM, {"a": "1", "b": "2", "c": None}, b"\x83\xa1c\xc0\xa1a\xa11\xa1b\xa12")
    good("map key order is bytes", SM, {"Z": "1", "a": "2", "\u00e9": "3", "aa": "4", "": "5"})
    good("map16 short", SM, {"a": U}, b"\xde\x00\x01\xa1a\xd4\x00\x00")
    good("map32 short", SM, {"a": "b"}, b"\xdf\x00\x00\x00\x01\xa1a\xa1b")
    good("map with bytes as key", SM, {"a": "b"}, b"\x81\xc4\x01a\xa1b")
    good("object", OBJ, {"a": 1, "b": "x", "c": True})
    good("object out of order", OBJ, {"a": None, "b": U, "c": False}, b"\x83\xa1c\xc2\xa1b\xd4\x00\x00\xa1a\xc0")
    good("empty object", ["object", {}], {})
    good("map of objects", ["map", RULE], {"100": {"from": 1, "to": U}, "20": {"from": None, "to": 2}, "30": None})
    good("object with optional names", ["object", {"a": S}, ["a"]], {"a": "x"})


def dynamics():
    good("dynamic string", D, Typed(S, "a"))
    good("dynamic null", D, Typed(S, None))
    good("dynamic unknown", D, Typed(S, U))
    good("dynamic refined", D, Typed(S, U), b"\x92\xc4\x08\"string\"\xc7\x03\x0c\x81\x01\xc2")
    good("dynamic type as str", D, Typed(N, 5), b"\x92\xa8\"number\"\x05")
    good("dynamic object", D, Typed(OBJ, {"a": 1, "b": None, "c": True}))
    good("dynamic tuple", D, Typed(["tuple", [S, ["list", B]]], ["a", [True]]))
    good("dynamic in a list", ["list", D], [Typed(S, "a"), Typed(N, 1), None, U])
    good("dynamic in an object", ["object", {"v": D}], {"v": Typed(SM, {"k": "v"})})
    good("dynamic in a dynamic", D, Typed(["object", {"v": D}], {"v": Typed(B, True)}))
    bad("dynamic, three", D, b"\x93\xa8\"string\"\xa1a\xa1a", "a pair of type and value")
    bad("dynamic, no pair", D, b"\xa1a", "a pair of type and value")
    for text in ("", "string", '"text"', '["list"]', '["list","string","string"]', '["object",["a"]]', '["tuple",{}]',
                 '["string","string"]', '{"a":"b"}', '["object",{"a":"string","a":"bool"}]', '"string" x', "1",
                 '["list",' * 70 + '"bool"' + "]" * 70, '["list","string"', '["object",{"a":"string",}]'):
        bad("dynamic type " + text[:24], D, msgpack.packb([text.encode(), None]), "the type that comes with")
    deep = msgpack.packb(None)
    for _ in range(100):
        deep = b"\x92" + msgpack.packb(b'["list","dynamic"]') + b"\x91" + deep
    bad("dynamic too deep", D, deep, "nested more than 64")


def mistakes():
    wrong = {"a string": b"\xa1a", "a number": b"\x01", "a bool": b"\xc3", "an array": b"\x90", "a map": b"\x80"}
    for type_, name in ((S, "a string"), (N, "a number"), (B, "a bool"), (SL, "a list"), (SS, "a list"), (SM, "a map"),
                        (OBJ, "an object")):
        for found, raw in wrong.items():
            if found != {"a list": "an array", "an object": "a map"}.get(name, name) and (type_, found) != (N, "a string"):
                bad("%s for %s" % (found, type_text(type_)), type_, raw, "%s is required, but the value is %s" % (name, found))
    bad("object lacks one", OBJ, msgpack.packb({"a": 1, "b": "x"}), 'the attribute "c" is missing')
    bad("object, one too many", OBJ, msgpack.packb({"a": 1, "b": "x", "c": True, "d": 1}), 'there is no attribute "d"')
    bad("object, one twice", OBJ, b"\x83\xa1a\x01\xa1a\x01\xa1b\xc0", "a: the attribute is there twice")
    bad("object, key is a number", OBJ, b"\x83\x01\x01\xa1b\xc0\xa1c\xc0", "a key is not text")
    bad("object, empty inside", ["object", {"a": OBJ}], b"\x81\xa1a\x80", 'a: the attribute "a" is missing')
    bad("map, key twice", SM, b"\x82\xa1a\xa1b\xa1a\xa1c", 'the key "a" is there twice')
    bad("map, key is null", SM, b"\x81\xc0\xa1b", "a key is not text")
    bad("map, key is not UTF-8", SM, b"\x81\xa1\xff\xa1b", "a key is not text")
    bad("tuple too short", ["tuple", [S, S]], b"\x91\xa1a", "2 elements are required, but there are 1")
    bad("tuple too long", ["tuple", [S]], b"\x92\xa1a\xa1b", "1 elements are required, but there are 2")
    bad("place", ["object", {"rules": ["map", ["list", N]]}], b"\x81\xa5rules\x81\xa3100\x92\x01\xc3",
        'rules["100"][1]: a number is required')
    bad("reserved byte", S, b"\xc1", "no MessagePack")
    bad("trailing byte", S, b"\xa1a\x00", "1 bytes follow")
    bad("trailing value", SL, b"\x90\x90\x90", "2 bytes follow")
    for head in ("d9", "d901", "da", "da00", "db", "db000000", "dbffffffff", "a2ff", "c4", "c401", "c6ffffffff", "c5ffff"):
        bad("cut " + head, S, bytes.fromhex(head), "cut off")
    for head in ("cc", "cd00", "ce000000", "cf00000000000000", "d0", "d100", "d2000000", "d300000000000000", "ca000000",
                 "cb00000000000000"):
        bad("cut " + head, N, bytes.fromhex(head), "cut off")
    for head in ("d4", "d400", "d50c", "d60c0000", "d80c", "c7", "c703", "c7030c81", "c8ffff", "c9ffffffff", "c9ffffffff0c"):
        bad("cut " + head, S, bytes.fromhex(head), "cut off")
    for head in ("91", "92a161", "dcffff", "ddffffffff", "dd7fffffff", "ddffffffffddffffffff"):
        bad("cut " + head, SL, bytes.fromhex(head), "cut off")
    for head in ("81", "81a161", "deffff", "dfffffffff", "df80000000a161"):
        bad("cut " + head, SM, bytes.fromhex(head), "cut off")


def j(name, type_, text, expected, out="="):
    J.append((name, type_text(type_), text, expected if isinstance(expected, str) and expected[:1] == "!"
              else notation(expected), out))


def dump(v):
    return json.dumps(v, separators=(",", ":"), ensure_ascii=False, sort_keys=True)


def json_values():
    for type_, v in ((S, "a"), (S, ""), (S, "\u00e9\U0001F600"), (B, True), (B, False), (S, None), (N, None), (N, 1),
                     (N, 2**63 - 1), (N, -2**63), (N, 10**30), (N, -5), (SL, []), (SL, ["b", "a", None]), (SS, ["a"]),
                     (SM, {}), (SM, {"b": "2", "a": None}), (OBJ, {"a": 1, "b": "x", "c": None}), (OBJ, None),
                     (["tuple", [S, N]], ["a", 1]), (["map", RULE], {"9": {"from": 1, "to": 2}, "10": None}), (D, None),
                     (["list", ["list", S]], [["a"], []])):
        text = dump(v)
        j("%s %s" % (type_text(type_), text[:30]), type_, text, Digits(v) if isinstance(v, int) and not isinstance(v, bool) else v)
    for digits in ("0.1", "123456789012345678901234567890.5", "18446744073709551616", "-0.25"):
        j("digits " + digits, N, digits, Digits(digits))
    for text, digits in (("1e3", "1000"), ("1.50", "1.5"), ("-0", "0"), ("1E-2", "0.01"), ('"12"', "12"), ('"0.50"', "0.5")):
        j("spelling " + text, N, text, Digits(digits), digits)
    for text, v in (("1", "1"), ("1.50", "1.5"), ("true", "true"), ("false", "false"), ("12345678901234567890", "12345678901234567890")):
        j("becomes a string: " + text, S, text, v, dump(v))
    for text, v in (('"true"', True), ('"false"', False), ('"1"', True), ('"0"', False)):
        j("becomes a bool: " + text, B, text, v, dump(v))
    for text in ('"\\u00e9"', '"\\ud83d\\ude00"', '"\\n\\t\\r\\b\\f\\/\\\\\\""', '"\\u0000"', '"a\\u0041b"',
                 '"\\u007f\\u0080\\u07ff\\u0800\\uffff\\ud800\\udc00\\udbff\\udfff"'):
        v = json.loads(text)
        j("escape " + text, S, text, v, quote(v))
    for text, v in (('"\\ud83d"', "\ufffd"), ('"\\udc00x"', "\ufffdx"), ('"\\udc00\\udc00"', "\ufffd\ufffd"), ('"\\ud83d\\u0041"', "\ufffdA")):
        j("half a pair " + text, S, text, v, dump(v))
    j("blanks", SL, ' [ "a" , "b" ] ', ["a", "b"], '["a","b"]')
    j("map out of order", SM, '{"b":"2","a":"1","c":"3"}', {"a": "1", "b": "2", "c": "3"}, '{"a":"1","b":"2","c":"3"}')
    j("object, unknown attribute", OBJ, '{"x":{"y":[1,{"z":null}],"w":"\\""},"a":1,"v":true}', {"a": 1, "b": None, "c": None},
      '{"a":1,"b":null,"c":null}')
    j("object, all missing", OBJ, "{}", {"a": None, "b": None, "c": None}, '{"a":null,"b":null,"c":null}')
    j("object, last one counts", OBJ, '{"a":1,"a":2}', {"a": 2, "b": None, "c": None}, '{"a":2,"b":null,"c":null}')
    j("dynamic", D, '{"value":"a","type":"string"}', Typed(S, "a"), "=")
    j("dynamic, other order", D, '{"type":["list","number"],"value":[1,2]}', Typed(["list", N], [1, 2]),
      '{"value":[1,2],"type":["list","number"]}')
    j("dynamic, typed null", D, '{"value":null,"type":"bool"}', Typed(B, None))
    j("dynamic inside", ["list", D], '[{"value":1,"type":"number"},null]', [Typed(N, 1), None])


def json_mistakes():
    for text in ("", " ", "nul", "nulll", "tru", '"a', '"\\x"', '"\\u12"', '"\\u12g4"', '"a\tb"', '"\\', "[", '["a"', '["a",]',
                 '["a" "b"]', "[,]", ']', '["a"]]', '{"a"', "\ufeff1", "'a'"):
        j("no JSON %r" % text, {"[": SL, "{": SM}.get(text[:1], S), text, "!not JSON")
    for text in ("01", "-", "1.", ".5", "1e", "+1", "0x1", "--1", "1e+", "1.e3"):
        j("no JSON number " + text, N, text, "!not JSON")
    for text in ('{"a":"b",}', '{"a" "b"}', '{a:"b"}', '{"a":"b"', '{"a":}', '{1:"b"}', '{"a":"b"}x', '{,}', '{"a"}'):
        j("no JSON map " + text, SM, text, "!not JSON")
    j("too deep", ["object", {}], '{"x":' + "[" * 100 + "]" * 100 + "}", "!nested more than 64")
    for type_, text in ((S, "[]"), (S, "{}"), (N, "true"), (N, '"x"'), (N, "[]"), (B, "1"), (B, '"yes"'), (B, "{}"), (SL, "{}"),
                        (SL, '"a"'), (SM, "[]"), (SM, "1"), (OBJ, "[]"), (["tuple", [S]], "[]"), (["tuple", [S]], '["a","b"]'),
                        (D, "1"), (N, "1e99999")):
        j("%s for %s" % (text, type_text(type_)), type_, text, "!the stored value is not of type")
    j("place", ["object", {"rules": ["map", ["list", N]]}], '{"rules":{"100":[1,true]}}', '!rules["100"][1]: the stored value')
    j("map, key twice", SM, '{"a":"1","a":"2"}', '!the key "a" is there twice')
    j("dynamic, no type", D, '{"value":"a"}', '!a "value" with a known "type"')
    j("dynamic, no value", D, '{"type":"string"}', '!a "value" with a known "type"')
    j("dynamic, bad type", D, '{"type":"text","value":1}', '!a "value" with a known "type"')


def write(name, rows):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), "w", encoding="utf-8", newline="\n") as f:
        for row in rows:
            cells = [c.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n") if i == 2 else c
                     for i, c in enumerate(row)]
            assert not any("\t" in c or "\n" in c for c in cells), row
            f.write("\t".join(cells) + "\n")


if __name__ == "__main__":
    for group in (integers, numbers, strings, unknowns, containers, dynamics, mistakes, json_values, json_mistakes):
        group()
    for row in J:
        assert len(row) == 5
    write("msgpack.tsv", M)
    write("json.tsv", [(n, t, i, e, "-" if e[:1] == "!" else o) for n, t, i, e, o in J])
