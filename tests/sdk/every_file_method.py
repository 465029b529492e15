"""Runs every method of the official Python SDK's FilesystemClient, and of its
asynchronous twin, as they are, against a sandbox of a running control plane, and
checks what comes back.

    pip install -r requirements.txt
    python every_file_method.py http://127.0.0.1:PORT TOKEN
"""

import asyncio
import inspect
import os
import sys
import time
import traceback
import typing

import typing_extensions

# Before Python 3.12 (so on Debian 12) pydantic refuses the SDK's TypedDicts, and
# with them the whole SDK, unless they are those of typing_extensions.
if sys.version_info < (3, 12):
    typing.TypedDict = typing_extensions.TypedDict

from leap0 import AsyncLeap0Client, Leap0Client, Leap0Error
from leap0.models.filesystem import FileEdit

TEMPLATE = "system/desktop:v0.1.0"


class Files:
    """Calls a client of files with one sandbox, and waits where it is asynchronous;
    remembers which methods were called."""

    def __init__(self, client, sandbox, wait):
        self.client, self.sandbox, self.wait = client, sandbox, wait
        self.called = set()

    def __getattr__(self, name):
        method = getattr(self.client, name)

        def call(**arguments):
            self.called.add(name)
            return self.wait(method(self.sandbox, **arguments))

        return call


def same(found, expected, what):
    assert found == expected, f"{what}: {found!r} instead of {expected!r}"


def refused(status, call, **arguments):
    """The call must fail with this status; None: before anything is sent."""
    try:
        answer = call(**arguments)
    except Leap0Error as error:
        same(error.status_code, status, f"status of `{error}`")
        assert status is None or error.error_message, f"no message: {error.body}"
        assert status != 400 or '"field"' in error.body, f"no field: {error.body}"
        return
    raise AssertionError(f"{arguments} was accepted: {answer!r}")


def writing(f):
    f.mkdir(path="w/deep/er", recursive=True, permissions="0750")
    same(f.stat(path="w/deep/er").mode, "0750", "the mode of a folder")
    refused(409, f.mkdir, path="w")
    refused(404, f.mkdir, path="nothing/here")
    f.write_file(path="w/a.txt", content="Grüße\n", permissions="600")
    same(f.read_file(path="w/a.txt"), "Grüße\n", "a text")
    same(f.stat(path="w/a.txt").mode, "0600", "its mode")
    f.write_file(path="w/a.txt", content="again")
    same(f.stat(path="w/a.txt").mode, "0600", "the mode of the file that was there")
    every_byte = bytes(range(256)) * 3 + b"\r"
    f.write_bytes(path="w/b.bin", content=every_byte)
    same(f.read_bytes(path="w/b.bin"), every_byte, "bytes")
    refused(404, f.write_bytes, path="nothing/here", content=b"")
    refused(400, f.write_bytes, path="w", content=b"")
    refused(400, f.write_bytes, path="w/c", content=b"", permissions="rwx")
    refused(413, f.write_bytes, path="w/c", content=bytes((10 << 20) + 1))
    names = ["w/1", "w/back\\slash", 'w/a "quoted" name', "w/50%", "w/a;b=c"]
    files = {name: f"{name}\r\n".encode() + every_byte for name in names}
    f.write_files_bytes(files=files)
    same(f.read_files_bytes(paths=names), files, "several files")
    f.write_files(files={"w/Grüße": "ü", "w/2": "two\n"})
    same(f.read_file(path="w/Grüße"), "ü", "a file with another name")
    same(f.read_files(paths=["w/2", "w/1"], encoding="latin-1")["w/2"], "two\n", "texts")
    same(f.read_files(paths=["w/2"]), {"w/2": "two\n"}, "one of several")
    refused(404, f.write_files, files={"w/new": "x", "nothing/here": "x"})
    same(f.exists(path="w/new"), False, "nothing is written where not all can be")
    refused(404, f.read_files, paths=["w/2", "w/none"])


def parts(f):
    f.mkdir(path="p")
    lines = "".join(f"line {n}\n" for n in range(1, 6))
    f.write_file(path="p/f", content=lines)
    read = lambda **what: f.read_file(path="p/f", **what)
    same(read(head=2), "line 1\nline 2\n", "head")
    same(read(tail=2), "line 4\nline 5\n", "tail")
    same(read(head=0), "", "no head")
    same(read(tail=0), "", "no tail")
    same(read(head=99), lines, "more than there is")
    same(read(tail=99), lines, "more than there is")
    same(read(offset=2, limit=4), "ne 1", "bytes")
    same(read(offset=7, limit=14, tail=1), "line 3\n", "a line of some bytes")
    same(read(offset=999), "", "beyond the end")
    refused(None, read, head=1, tail=1)
    refused(400, read, head=-1)
    refused(404, f.read_bytes, path="p/none")
    refused(400, f.read_bytes, path="p")


def looking(f):
    f.mkdir(path="l/sub", recursive=True)
    f.write_file(path="l/a.py", content="abc")
    f.write_file(path="l/sub/b.py", content="")
    f.write_file(path="l/sub/c.log", content="")
    same(f.exists(path="l/a.py"), True, "exists")
    same(f.exists(path="l/none"), False, "exists not")
    same(f.exists(path="l/a.py/none"), False, "below a file")
    file, folder = f.stat(path="l/a.py"), f.stat(path="l/sub")
    same((file.name, file.is_dir, file.size), ("a.py", False, 3), "a file")
    assert file.path.startswith("/") and file.path.endswith("/l/a.py"), file
    assert abs(file.mtime - time.time()) < 3600 and file.mode == "0644", file
    assert file.owner and file.group and not file.is_symlink, file
    same((folder.name, folder.is_dir), ("sub", True), "a folder")
    refused(404, f.stat, path="l/none")
    names = lambda listed: [entry.name for entry in listed.items]
    same(names(f.ls(path="l")), ["a.py", "sub"], "a folder")
    all_names = ["a.py", "sub", "b.py", "c.log"]
    same(names(f.ls(path="l", recursive=True)), all_names, "all below")
    same(names(f.ls(path="l", recursive=True, exclude=["*.py"])), ["sub", "c.log"], "some")
    same(names(f.ls(path="l", recursive=True, exclude=["sub"])), ["a.py"], "no folder")
    refused(404, f.ls, path="l/none")
    refused(400, f.ls, path="l/a.py")
    refused(400, f.ls, path="l", exclude=["["])
    grown = lambda entries: {e.name: (e.type, grown(e.children)) for e in entries}
    sub = {"b.py": ("file", {}), "c.log": ("file", {})}
    whole = {"a.py": ("file", {}), "sub": ("directory", sub)}
    same(grown(f.tree(path="l").items), whole, "a tree")
    top = {"a.py": ("file", {}), "sub": ("directory", {})}
    same(grown(f.tree(path="l", max_depth=1).items), top, "its first level")
    same(grown(f.tree(path="l", exclude=["s*", "*.log"]).items), {"a.py": ("file", {})}, "some")
    refused(400, f.tree, path="l", max_depth=0)


def searching(f):
    f.mkdir(path="s/deep", recursive=True)
    f.write_file(path="s/a.py", content="import os\nx = 1\n")
    f.write_file(path="s/deep/b.py", content="x = 2\r\nimport os.path\n")
    f.write_file(path="s/deep/c.txt", content="import nothing")
    f.write_bytes(path="s/binary", content=b"import\0os\n")
    base = f.stat(path="s").path
    found = lambda **what: [path.removeprefix(f"{base}/") for path in f.glob(path="s", **what)]
    same(found(pattern="*.py"), ["a.py"], "in the folder itself")
    same(found(pattern="**/*.py"), ["a.py", "deep/b.py"], "in folders below it too")
    same(found(pattern="deep/*", exclude=["*.txt"]), ["deep/b.py"], "without some")
    same(found(pattern="*.none"), [], "nothing")
    refused(400, f.glob, path="s", pattern="{a")
    refused(404, f.glob, path="none", pattern="*")
    lines = lambda **what: [
        (match.path.removeprefix(f"{base}/"), match.line, match.content)
        for match in f.grep(path="s", **what)
    ]
    python = [("a.py", 1, "import os"), ("deep/b.py", 2, "import os.path")]
    text = ("deep/c.txt", 1, "import nothing")
    same(lines(pattern="import"), [*python, text], "in every text")
    same(lines(pattern="import", include="*.py"), python, "in some files")
    same(lines(pattern="import", exclude=["deep"]), python[:1], "without some")
    same(lines(pattern=r"^x = \d$"), [("a.py", 2, "x = 1"), ("deep/b.py", 1, "x = 2")], "regex")
    same(lines(pattern="none"), [], "nothing")
    refused(400, f.grep, path="s", pattern="(")
    refused(404, f.grep, path="none", pattern="x")


def editing(f):
    f.mkdir(path="e")
    f.write_file(path="e/a", content="one two one\nthree\n", permissions="0755")
    edits = [FileEdit("one", "1"), FileEdit("three\n")]
    result = f.edit_file(path="e/a", edits=edits)
    same(result.replacements, 3, "replacements")
    assert "-one two one\n" in result.diff and "+1 two 1\n" in result.diff, result.diff
    same(f.read_file(path="e/a"), "1 two 1\n", "the file")
    same(f.stat(path="e/a").mode, "0755", "its mode")
    refused(400, f.edit_file, path="e/a", edits=[FileEdit("two", "2"), FileEdit("none")])
    refused(400, f.edit_file, path="e/a", edits=[FileEdit("")])
    refused(400, f.edit_file, path="e/a", edits=[])
    refused(404, f.edit_file, path="e/none", edits=[FileEdit("x")])
    same(f.read_file(path="e/a"), "1 two 1\n", "all edits or none")
    f.write_bytes(path="e/b", content=b"two\xff")
    results = f.edit_files(paths=["e/a", "e/b", "e/none"], find="two", replace="2")
    found = [(result.file, result.success, bool(result.error)) for result in results]
    expected = [("e/a", True, False), ("e/b", False, True), ("e/none", False, True)]
    same(found, expected, "each file by itself")
    same(f.read_file(path="e/a"), "1 2 1\n", "the file")
    same(f.edit_files(paths=["e/a"], find="2 ")[0].success, True, "a text that goes")
    refused(400, f.edit_files, paths=["e/a"], find="")


def changing(f):
    f.mkdir(path="c/from/in", recursive=True)
    f.write_file(path="c/from/in/f", content="f", permissions="0700")
    f.write_file(path="c/f", content="old")
    refused(400, f.copy, src_path="c/from", dst_path="c/to")
    f.copy(src_path="c/from", dst_path="c/to", recursive=True)
    same(f.stat(path="c/to/in/f").mode, "0700", "the mode of a copy")
    refused(409, f.copy, src_path="c/to/in/f", dst_path="c/f")
    refused(409, f.copy, src_path="c/to/in/f", dst_path="c/f", overwrite=False)
    f.copy(src_path="c/to/in/f", dst_path="c/f", overwrite=True)
    same(f.read_file(path="c/f"), "f", "a copy in the place of another file")
    refused(400, f.copy, src_path="c/to", dst_path="c/to/in/x", recursive=True)
    refused(404, f.copy, src_path="c/none", dst_path="c/x")
    f.move(src_path="c/f", dst_path="c/g")
    same((f.exists(path="c/f"), f.read_file(path="c/g")), (False, "f"), "a move")
    f.write_file(path="c/h", content="h")
    refused(409, f.move, src_path="c/h", dst_path="c/g")
    f.move(src_path="c/h", dst_path="c/g", overwrite=True)
    same(f.read_file(path="c/g"), "h", "a move in the place of another file")
    f.move(src_path="c/to", dst_path="c/from", overwrite=True)
    same(f.exists(path="c/to"), False, "a folder in the place of another one")
    refused(404, f.move, src_path="c/none", dst_path="c/x")
    refused(400, f.move, src_path="c", dst_path="c/x")
    f.set_permissions(path="c/g", mode="0400")
    same(f.stat(path="c/g").mode, "0400", "a mode")
    before = f.stat(path="c/g")
    f.set_permissions(path="c/g", owner=before.owner, group=before.group)
    after = f.stat(path="c/g")
    same((after.owner, after.group), (before.owner, before.group), "an owner")
    refused(400, f.set_permissions, path="c/g", mode="u+x")
    refused(400, f.set_permissions, path="c/g", owner="nobody here")
    refused(None, f.set_permissions, path="c/g")
    refused(404, f.set_permissions, path="c/none", mode="0600")
    refused(409, f.delete, path="c")
    f.delete(path="c/g")
    f.delete(path="c", recursive=True)
    same(f.exists(path="c"), False, "what was deleted")
    refused(404, f.delete, path="c")
    refused(403, f.delete, path="/", recursive=True)
    refused(403, f.delete, path="~", recursive=True)


# What is checked together, and the methods that it is the check of.
CHECKS = [
    (writing, "mkdir write_bytes write_file write_files_bytes write_files"
     " read_files_bytes read_files"),
    (parts, "read_bytes read_file"),
    (looking, "exists stat ls tree"),
    (searching, "glob grep"),
    (editing, "edit_file edit_files"),
    (changing, "copy move set_permissions delete"),
]


def run(f, kind):
    functions = inspect.getmembers(type(f.client), inspect.isfunction)
    left = {name for name, _ in functions if not name.startswith("_")}
    failed = 0
    for check, names in CHECKS:
        names = names.split()
        left.difference_update(names)
        try:
            check(f)
            assert f.called.issuperset(names), f"not called: {set(names) - f.called}"
            outcome = "ok"
        except Exception:
            traceback.print_exc()
            outcome = "FAILED"
            failed += len(names)
        print(*(f"{outcome} {kind} {name}" for name in names), sep="\n", flush=True)
    # A method that the SDK has and nothing here checks is a failure too.
    print(*(f"FAILED {name}: it has no check\n" for name in sorted(left)), sep="", end="")
    return failed + len(left)


def started(client, wait):
    """A sandbox that answers, and that knows its two folders."""
    sandboxes = client.sandboxes
    sandbox = wait(sandboxes.create(template_name=TEMPLATE))
    until = time.monotonic() + 60
    while wait(sandboxes.get(sandbox)).state.value != "running":
        assert time.monotonic() < until, "the sandbox does not come up"
        time.sleep(0.05)
    for folder in (sandboxes.get_user_home_dir, sandboxes.get_workdir):
        found = wait(folder(sandbox))
        there = wait(client._filesystem.stat(sandbox.id, path=found))
        assert found.startswith("/") and there.is_dir, found
    return sandbox


def in_sandbox(client, kind, wait):
    sandbox = started(client, wait)
    try:
        return run(Files(client._filesystem, sandbox.id, wait), kind)
    finally:
        wait(client.sandboxes.delete(sandbox))


def main(url, token):
    # Read when the SDK makes its HTTP client.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
    options = {"api_key": token, "base_url": url, "timeout": 60, "sdk_otel_enabled": False}
    with Leap0Client(**options) as client:
        failed = in_sandbox(client, "sync", lambda answer: answer)
    loop = asyncio.new_event_loop()
    client = AsyncLeap0Client(**options)
    try:
        failed += in_sandbox(client, "async", loop.run_until_complete)
    finally:
        loop.run_until_complete(client.close())
    print(f"{failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(*sys.argv[1:])) if len(sys.argv) == 3 else __doc__)
