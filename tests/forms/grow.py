#!/usr/bin/python3
"""A window of GTK 4 whose buttons come, change their names and go: `grow.py`.

`Add` makes a button `One`; the next click names it `Two` and makes another `One`, and so
on. `Clear` removes them. Widgets that come after somebody has looked must be found as
well, and none that has gone.
"""

import gi

gi.require_version("Gtk", "4.0")
from gi.repository import GLib, Gtk

NAMES = ["One", "Two", "Three"]


class Window(Gtk.Window):
    def __init__(self):
        super().__init__(title="Grow", default_width=400, default_height=300)
        self.made = []
        self.box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        for name, action in (("Add", self.add), ("Clear", self.clear)):
            button = Gtk.Button(label=name)
            button.connect("clicked", action)
            self.box.append(button)
        self.set_child(self.box)

    def add(self, _button):
        self.made.insert(0, Gtk.Button())
        self.box.append(self.made[0])
        for button, name in zip(self.made, NAMES):
            button.set_label(name)

    def clear(self, _button):
        for button in self.made:
            self.box.remove(button)
        self.made = []


window = Window()
window.present()
GLib.MainLoop().run()
