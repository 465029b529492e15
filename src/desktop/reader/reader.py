"""Prints what the programs of a session report on its accessibility bus (AT-SPI2).

The argument is a JSON object that says what is wanted: see Wanted in mod.rs, which also
makes widgets of what is printed. What is printed is JSON, compressed and in base64.

Only plain calls are made, many at once and nothing twice: no library that keeps a copy of
trees, and none of the calls at which some releases of the bridge of GTK abort.
"""
import base64
import collections
import json
import math
import os
import sys
import time
import zlib

# How long a program may say nothing, and how long all of this may take, in milliseconds.
SILENCE = 1000
ALL = 8000
# How long a message bus may take to be there, in milliseconds.
BUS = 5000
# How long a program that said it would scroll is given to do it, in seconds.
SCROLLING = 0.4

ROOT = "/org/a11y/atspi/accessible/root"
PROPERTIES = "org.freedesktop.DBus.Properties"
ATSPI = "org.a11y.atspi."
LABEL_FOR, LABELLED_BY = 1, 2
DEFUNCT = 1 << 6
IN_WINDOW, ON_SCREEN = 1, 0


def say(answer):
    text = json.dumps(answer, separators=(",", ":")).encode()
    print(base64.b64encode(zlib.compress(text)).decode())
    sys.stdout.flush()
    # What is still waited for is not.
    os._exit(0)


try:
    from gi.repository import Gio, GLib
except (ImportError, ValueError):
    say({"lacks": "python3 with gi (the Debian package python3-gi)"})


def session_address():
    """Where the message bus of the session is: commands may run outside of it."""
    key, display = "DBUS_SESSION_BUS_ADDRESS", os.environ.get("DISPLAY", "")
    if os.environ.get(key):
        return os.environ[key]
    wanted = "DISPLAY=" + display
    for pid in sorted(filter(str.isdigit, os.listdir("/proc")), key=int):
        try:
            with open("/proc/%s/environ" % pid, "rb") as file:
                lines = file.read().decode(errors="replace").split("\0")
        except OSError:
            continue
        if wanted in lines or wanted + ".0" in lines:
            for line in lines:
                if line.startswith(key + "="):
                    return line[len(key) + 1 :]
    say({"lacks": "the address of its session bus (DBUS_SESSION_BUS_ADDRESS)"})


def connect(address):
    flags = Gio.DBusConnectionFlags
    flags = flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)


def accessibility_bus(enable):
    try:
        session = connect(session_address())
    except GLib.Error as error:
        say({"lacks": "a session bus (%s)" % error.message})

    def ask(interface, method, arguments):
        where = ("org.a11y.Bus", "/org/a11y/bus", interface, method)
        answer = session.call_sync(*where, arguments, None, 0, BUS, None)
        return answer.unpack()

    try:
        if enable:
            # Programs that start from now on report their widgets.
            on = ("org.a11y.Status", "IsEnabled", GLib.Variant("b", True))
            ask(PROPERTIES, "Set", GLib.Variant("(ssv)", on))
        (address,) = ask("org.a11y.Bus", "GetAddress", None)
        return connect(address)
    except GLib.Error as error:
        why = error.message.split("\n")[0]
        say({"lacks": "an accessibility bus (the Debian package at-spi2-core): %s" % why})


def process(pid):
    try:
        with open("/proc/%d/comm" % pid, errors="replace") as file:
            return file.read().strip()
    except OSError:
        return ""


class Program:
    """One that reports widgets, and what it has answered."""

    def __init__(self, reader, bus, pid):
        self.reader, self.bus, self.pid = reader, bus, pid
        self.name = self.toolkit = ""
        self.waiting, self.flying, self.silent = collections.deque(), 0, False
        self.cancel = Gio.Cancellable()
        self.tops, self.others, self.count, self.cut = [], {}, 0, False
        self.property(ROOT, "Accessible", "Name", self.named)

    def ask(self, path, interface, method, arguments, then):
        if not self.silent:
            self.waiting.append((path, interface, method, arguments, then))
            self.send()

    def property(self, path, interface, name, then):
        arguments = GLib.Variant("(ss)", (ATSPI + interface, name))
        self.ask(path, PROPERTIES, "Get", arguments, then)

    def send(self):
        while self.waiting and self.flying < self.reader.wanted["at_once"]:
            *call, then = self.waiting.popleft()
            self.flying += 1
            flags = Gio.DBusCallFlags.NO_AUTO_START
            rest = (None, flags, SILENCE, self.cancel, self.answered, then)
            self.reader.connection.call(self.bus, *call, *rest)

    def answered(self, connection, result, then):
        self.flying -= 1
        try:
            answer = connection.call_finish(result).unpack()[0]
        except GLib.Error as error:
            answer = None
            if error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT):
                self.silent = True
                self.waiting.clear()
                self.cancel.cancel()
        except IndexError:
            answer = None
        then(answer)
        self.send()
        self.reader.check()

    def named(self, name):
        self.name = name or ""
        self.property(ROOT, "Application", "ToolkitName", self.begin)

    def begin(self, toolkit):
        self.toolkit = toolkit or ""
        if self.toolkit == "Chromium":
            # It has no tree before somebody asks this.
            self.ask(ROOT, ATSPI + "Accessible", "GetAttributes", None, lambda _: None)
        where = IN_WINDOW if self.toolkit == "GTK" else ON_SCREEN
        self.where = GLib.Variant("(u)", (where,))

        def below(children):
            self.grow(self.tops, children, 0)

        self.ask(ROOT, ATSPI + "Accessible", "GetChildren", None, below)

    def grow(self, nodes, children, depth):
        """Reads widgets, which a parent has named, and all that is in them."""
        if depth >= self.reader.wanted["deepest"]:
            return
        for bus, path in children or []:
            if bus != self.bus or path.endswith("/null"):
                continue
            self.count += 1
            if self.count > self.reader.wanted["most"]:
                self.cut = True
                return
            node = {"path": path, "inside": [], "depth": depth}
            nodes.append(node)
            self.read(node)

    def read(self, node):
        path, missing = node["path"], [5]

        def keep(key):
            def then(answer):
                node[key] = answer
                missing[0] -= 1
                if missing[0] == 0:
                    self.complete(node)

            return then

        self.ask(path, ATSPI + "Accessible", "GetRole", None, keep("role"))
        self.ask(path, ATSPI + "Accessible", "GetState", None, keep("states"))
        self.property(path, "Accessible", "Name", keep("name"))
        self.ask(path, ATSPI + "Component", "GetExtents", self.where, keep("told"))

        def counted(count):
            # A table of LibreOffice has billions of cells, and makes them all if it is
            # asked for them.
            if count is None or 0 <= count <= self.reader.wanted["most"]:
                self.ask(path, ATSPI + "Accessible", "GetChildren", None, keep("children"))
            else:
                self.cut = True
                keep("children")(None)

        self.property(path, "Accessible", "ChildCount", counted)

    def complete(self, node):
        """Asks what only some widgets can tell, and for what is in a widget."""
        children, role, wanted = node.pop("children"), node["role"], self.reader.wanted
        if role is None or node["states"] is None or node["states"][0] & DEFUNCT:
            node["gone"] = True
            return
        above = node.pop("above", None)
        path, is_swing = node["path"], self.toolkit == "J2SE-access-bridge"
        if role in wanted["labelled"] and not is_swing:
            self.relations(node, "labels", LABELLED_BY)
        if role == wanted["label"] and is_swing:
            self.relations(node, "labelled", LABEL_FOR)
        says_only_so = self.toolkit == "Gecko" and not node["name"]
        is_chooser = role in wanted["choosing"]
        if role in wanted["written"] or is_chooser and not is_swing or says_only_so:
            self.text(path, node, role == wanted["password"])
        if role in wanted["numbers"]:
            self.number(path, node)
        if is_chooser or above in wanted["choosing"]:
            self.chosen(path, node)
        self.grow(node["inside"], children, node["depth"] + 1)
        for inner in node["inside"]:
            inner["above"] = role

    def text(self, path, node, is_secret):
        def counted(count):
            if count is None:
                return
            node["text"], node["characters"] = "", count
            # A password is nobody's business, and some toolkits would tell it.
            if count > 0 and not is_secret:
                # GTK 4 takes -1, which stands for the end elsewhere, for nothing.
                part = GLib.Variant("(ii)", (0, min(count, self.reader.wanted["longest"])))
                self.ask(path, ATSPI + "Text", "GetText", part, read)

        def read(text):
            node["text"] = text or ""

        self.property(path, "Text", "CharacterCount", counted)

    def number(self, path, node):
        numbers = node["number"] = [None] * 3

        def keep(at):
            def then(answer):
                # JSON has no infinity.
                if answer is not None and math.isfinite(answer):
                    numbers[at] = answer

            return then

        for at, name in enumerate(("CurrentValue", "MinimumValue", "MaximumValue")):
            self.property(path, "Value", name, keep(at))

    def relations(self, node, key, kind):
        def related(relations):
            all = [pair for it, pairs in relations or [] if it == kind for pair in pairs]
            node[key] = [path for bus, path in all if bus == self.bus]
            for path in node[key]:
                self.other(path)

        self.ask(node["path"], ATSPI + "Accessible", "GetRelationSet", None, related)

    def chosen(self, path, node):
        def first(pair):
            if pair and pair[0] == self.bus and not pair[1].endswith("/null"):
                node["selected"] = pair[1]
                self.other(pair[1])

        def counted(count):
            if count:
                number = GLib.Variant("(i)", (0,))
                self.ask(path, ATSPI + "Selection", "GetSelectedChild", number, first)

        self.property(path, "Selection", "NSelectedChildren", counted)

    def other(self, path):
        """One that another widget has named, which may be in no tree."""
        if path in self.others:
            return
        other = self.others[path] = {}

        def named(name):
            other["name"] = name
            if not name and self.toolkit != "J2SE-access-bridge":
                self.text(path, other, False)

        self.property(path, "Accessible", "Name", named)

    def told(self):
        flat = []

        def add(node, parent):
            if node.get("gone") or "role" not in node or node["role"] is None:
                return
            at = len(flat)
            inside = node.pop("inside")
            for key in ("depth", "above", "children", "gone"):
                node.pop(key, None)
            node["parent"] = parent
            flat.append(node)
            for inner in inside:
                add(inner, at)

        for top in self.tops:
            add(top, None)
        return {
            "bus": self.bus,
            "pid": self.pid,
            "name": self.name or process(self.pid),
            "toolkit": self.toolkit,
            "silent": self.silent,
            "cut": self.cut,
            "nodes": flat,
            "others": self.others,
        }


class Reader:
    def __init__(self, wanted):
        self.wanted, self.programs = wanted, []
        self.connection = accessibility_bus(False)
        self.loop = GLib.MainLoop()
        if wanted.get("reveal"):
            self.reveal(*wanted["reveal"])
        for bus, _ in self.roots():
            try:
                pid = self.pid(bus)
            except GLib.Error:
                # It has just ended.
                continue
            if not wanted.get("pids") or pid in wanted["pids"]:
                self.programs.append(Program(self, bus, pid))

    def roots(self):
        where = (ATSPI + "Registry", ROOT, ATSPI + "Accessible", "GetChildren")
        return self.connection.call_sync(*where, None, None, 0, BUS, None).unpack()[0]

    def pid(self, bus):
        name = "org.freedesktop.DBus"
        where = (name, "/org/freedesktop/DBus", name, "GetConnectionUnixProcessID")
        program = GLib.Variant("(s)", (bus,))
        return self.connection.call_sync(*where, program, None, 0, BUS, None).unpack()[0]

    def reveal(self, bus, path):
        """Has a program scroll to a widget, as far as it can."""
        where = (bus, path, ATSPI + "Component", "ScrollTo")
        anywhere = GLib.Variant("(u)", (6,))
        try:
            answer = self.connection.call_sync(*where, anywhere, None, 0, SILENCE, None)
            if answer.unpack()[0]:
                time.sleep(SCROLLING)
        except GLib.Error:
            # Not every toolkit can.
            pass

    def check(self):
        if not any(program.flying or program.waiting for program in self.programs):
            self.loop.quit()

    def late(self):
        for program in self.programs:
            program.silent |= bool(program.flying or program.waiting)
        self.loop.quit()

    def read(self):
        GLib.timeout_add(ALL, self.late)
        if self.programs:
            self.loop.run()
        pids = self.wanted.get("processes", [])
        return {
            "programs": [program.told() for program in self.programs],
            "processes": {pid: process(pid) for pid in pids},
        }


def main():
    wanted = json.loads(sys.argv[1])
    if os.environ.get("NO_AT_BRIDGE", "0") != "0":
        say({"lacks": "programs that may report their widgets: NO_AT_BRIDGE is set"})
    if wanted.get("probe"):
        accessibility_bus(True)
        say({})
    try:
        say(Reader(wanted).read())
    except GLib.Error as error:
        say({"lacks": "an accessibility bus that answers: %s" % error.message})


main()
