"""pyatspi's way as the peer of `benches/widgets.rs`: `atspi.py ROLE NAME LOOKS`.

Looks LOOKS times for a widget by walking through all trees, as programs do that use
libatspi from Python, and prints the milliseconds of each look, and how many widgets were
looked at.
"""

import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi


def walk(widget, role, name):
    """The number of widgets, and whether the one that is meant is there."""
    looked, found = 1, widget.get_role_name() == role and widget.get_name() == name
    for index in range(widget.get_child_count()):
        child = widget.get_child_at_index(index)
        if child is not None:
            inside, there = walk(child, role, name)
            looked, found = looked + inside, found or there
    return looked, found


def main():
    role, name, looks = sys.argv[1], sys.argv[2], int(sys.argv[3])
    Atspi.init()
    # libatspi remembers what it was told, which may have changed.
    desktop = Atspi.get_desktop(0)
    for _ in range(looks):
        desktop.clear_cache()
        begun = time.perf_counter()
        looked, found = walk(desktop, role, name)
        took = (time.perf_counter() - begun) * 1000
        assert found, f"no {role} is called {name}"
        print(f"{took:.3f} {looked}")


main()
