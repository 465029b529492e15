#!/usr/bin/python3
"""A window whose widgets are made and destroyed all the time. What is clicked is counted:
the button that was meant, or anything else."""
import random, sys, gi
gi.require_version("Gtk", "3.0")
from gi.repository import Gtk, GLib
random.seed(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
pause = int(sys.argv[2]) if len(sys.argv) > 2 else 300
win = Gtk.Window(title="Churn")
win.set_default_size(600, 400)
box = Gtk.Box(orientation=1)
grid = Gtk.Fixed()
label = Gtk.Label(label="hits 0, misses 0")
box.pack_start(label, False, False, 0)
box.pack_start(grid, True, True, 0)
win.add(box)
hits = misses = 0
def hit(_):
    global hits
    hits += 1
    tell()
def miss(_):
    global misses
    misses += 1
    tell()
def tell():
    label.set_label(f"hits {hits}, misses {misses}")
def churn():
    for child in grid.get_children():
        child.destroy()
    places = [(x, y) for x in range(5) for y in range(7)]
    random.shuffle(places)
    for number, (x, y) in enumerate(places[:30]):
        name = "Target" if number == 0 else f"Trap {number}"
        button = Gtk.Button(label=name)
        button.connect("clicked", hit if number == 0 else miss)
        button.set_size_request(100, 40)
        grid.put(button, x * 115, y * 50)
    grid.show_all()
    GLib.timeout_add(random.randint(pause // 2, pause * 2), churn)
    return False
churn()
win.connect("destroy", Gtk.main_quit)
win.show_all()
Gtk.main()
