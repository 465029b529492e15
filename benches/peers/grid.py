"""A window with many buttons: `grid.py TOOLKIT NODES [COLUMNS]`.

TOOLKIT is `gtk3`, `gtk4` or `qt5`. NODES is about how many widgets the window has: rows
of COLUMNS buttons (10), scrolled, each button named by its number. The last one is
called `Last`.
"""

import sys

COLUMNS = int(sys.argv[3]) if len(sys.argv) > 3 else 10


def gtk(version, names):
    import gi

    gi.require_version("Gtk", version)
    from gi.repository import GLib, Gtk

    grid = Gtk.Grid()
    for number, name in enumerate(names):
        row, column = divmod(number, COLUMNS)
        grid.attach(Gtk.Button(label=name), column, row, 1, 1)
    scrolled = Gtk.ScrolledWindow()
    window = Gtk.Window(title="Grid", default_width=900, default_height=600)
    if version == "3.0":
        scrolled.add(grid)
        window.add(scrolled)
        window.show_all()
    else:
        scrolled.set_child(grid)
        window.set_child(scrolled)
        window.present()
    GLib.MainLoop().run()


def qt5(names):
    from PyQt5.QtWidgets import QApplication, QGridLayout, QPushButton, QScrollArea, QWidget

    application = QApplication(["grid"])
    grid = QWidget()
    layout = QGridLayout(grid)
    for number, name in enumerate(names):
        row, column = divmod(number, COLUMNS)
        layout.addWidget(QPushButton(name), row, column)
    scrolled = QScrollArea()
    scrolled.setWindowTitle("Grid")
    scrolled.setWidget(grid)
    scrolled.resize(900, 600)
    scrolled.show()
    application.exec_()


def main():
    toolkit, nodes = sys.argv[1], int(sys.argv[2])
    # A button of GTK 4 has a label in it.
    count = nodes // 2 if toolkit == "gtk4" else nodes
    names = [f"Button {number}" for number in range(count - 1)] + ["Last"]
    if toolkit == "qt5":
        qt5(names)
    else:
        gtk({"gtk3": "3.0", "gtk4": "4.0"}[toolkit], names)


main()
