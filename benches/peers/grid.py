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

    rows = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
    add = Gtk.Box.add if version == "3.0" else Gtk.Box.append
    for begin in range(0, len(names), COLUMNS):
        row = Gtk.Box()
        for name in names[begin : begin + COLUMNS]:
            add(row, Gtk.Button(label=name))
        add(rows, row)
    scrolled = Gtk.ScrolledWindow()
    window = Gtk.Window(title="Grid", default_width=900, default_height=600)
    if version == "3.0":
        scrolled.add(rows)
        window.add(scrolled)
        window.show_all()
    else:
        scrolled.set_child(rows)
        window.set_child(scrolled)
        window.present()
    GLib.MainLoop().run()


def qt5(names):
    from PyQt5.QtWidgets import (
        QApplication,
        QHBoxLayout,
        QPushButton,
        QScrollArea,
        QVBoxLayout,
        QWidget,
    )

    application = QApplication(["grid"])
    rows = QWidget()
    column = QVBoxLayout(rows)
    for begin in range(0, len(names), COLUMNS):
        row = QWidget()
        layout = QHBoxLayout(row)
        for name in names[begin : begin + COLUMNS]:
            layout.addWidget(QPushButton(name))
        column.addWidget(row)
    scrolled = QScrollArea()
    scrolled.setWindowTitle("Grid")
    scrolled.setWidget(rows)
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
