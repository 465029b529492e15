#!/usr/bin/python3
"""The order form in GTK 4."""

import gi

gi.require_version("Gtk", "4.0")
from gi.repository import Gio, GLib, Gtk


def named(widget, name):
    widget.update_property([Gtk.AccessibleProperty.LABEL], [name])
    return widget


class Order(Gtk.ApplicationWindow):
    def __init__(self, application):
        super().__init__(application=application, title="Order", default_width=480, show_menubar=True)
        for name in ("clear", "about"):
            action = Gio.SimpleAction.new(name, None)
            action.connect("activate", getattr(self, name))
            self.add_action(action)
        self.name = Gtk.Entry()
        self.password = Gtk.PasswordEntry()
        self.gift = Gtk.CheckButton(label="Gift")
        # Before GTK 4.10 a check button in a group still tells that it is a check box.
        radio = Gtk.AccessibleRole.RADIO
        self.standard = Gtk.CheckButton(label="Standard", active=True, accessible_role=radio)
        self.express = Gtk.CheckButton(label="Express", group=self.standard, accessible_role=radio)
        self.plan = Gtk.DropDown.new_from_strings(["Bronze", "Silver", "Gold"])
        self.progress = named(Gtk.ProgressBar(hexpand=True, valign=Gtk.Align.CENTER), "Progress")
        self.status = Gtk.Label(xalign=0, wrap=True, label="Nothing ordered", margin_start=6, margin_bottom=6)
        self.submit = Gtk.Button.new_with_mnemonic("S_ubmit")
        self.cancel = Gtk.Button.new_with_mnemonic("_Cancel")
        self.name.connect("changed", lambda entry: self.submit.set_sensitive(entry.get_text() != ""))
        self.submit.set_sensitive(False)
        self.submit.connect("clicked", self.begin)
        self.cancel.connect("clicked", lambda _: self.close())

        page = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        page.append(self.tabs())
        buttons = Gtk.Box(spacing=6)
        for side in ("start", "end", "top", "bottom"):
            setattr(buttons.props, f"margin_{side}", 6)
        for widget in (self.progress, self.cancel, self.submit):
            buttons.append(widget)
        page.append(buttons)
        page.append(self.status)
        self.set_child(page)

    def tabs(self):
        grid = Gtk.Grid(row_spacing=6, column_spacing=12, margin_start=6, margin_top=6, margin_bottom=6)
        for row, (text, field) in enumerate((("_Name", self.name), ("_Password", self.password), ("P_lan", self.plan))):
            label = Gtk.Label(label=text, use_underline=True, xalign=0, mnemonic_widget=field)
            grid.attach(label, 0, row, 1, 1)
            grid.attach(field, 1, row, 1, 1)
        choices = Gtk.Box(spacing=12, margin_start=6, margin_bottom=6, margin_top=6)
        choices.append(self.standard)
        choices.append(self.express)
        shipping = named(Gtk.Frame(label="Shipping", child=choices), "Shipping")
        grid.attach(shipping, 0, 3, 2, 1)
        grid.attach(self.gift, 0, 4, 2, 1)

        rows = Gtk.SignalListItemFactory()
        rows.connect("setup", lambda _, row: row.set_child(Gtk.Label(xalign=0)))
        rows.connect("bind", lambda _, row: row.get_child().set_label(row.get_item().get_string()))
        items = Gtk.StringList.new([f"Item {number}" for number in range(1, 101)])
        self.items = Gtk.SingleSelection(model=items, autoselect=False, can_unselect=True)
        self.items.set_selected(Gtk.INVALID_LIST_POSITION)
        view = named(Gtk.ListView(model=self.items, factory=rows), "Items")
        scrolled = Gtk.ScrolledWindow(has_frame=True, min_content_height=160, hexpand=True, vexpand=True, child=view)
        grid.attach(scrolled, 2, 0, 1, 5)

        self.remarks = named(Gtk.TextView(), "Remarks")
        tabs = Gtk.Notebook()
        tabs.append_page(grid, Gtk.Label(label="Details"))
        tabs.append_page(self.remarks, Gtk.Label(label="Notes"))
        return tabs

    def clear(self, *_):
        self.name.set_text("")
        self.password.set_text("")
        self.gift.set_active(False)
        self.standard.set_active(True)
        self.plan.set_selected(0)
        self.items.set_selected(Gtk.INVALID_LIST_POSITION)
        self.remarks.get_buffer().set_text("")
        self.progress.set_fraction(0)
        self.status.set_text("Nothing ordered")

    def about(self, *_):
        dialog = Gtk.Dialog(title="About this form", transient_for=self, modal=True)
        words = Gtk.Label(label="The same form in every toolkit.")
        for side in ("start", "end", "top", "bottom"):
            setattr(words.props, f"margin_{side}", 12)
        dialog.get_content_area().append(words)
        dialog.add_button("_Close", Gtk.ResponseType.CLOSE)
        dialog.connect("response", lambda *_: dialog.destroy())
        dialog.present()

    def begin(self, _):
        self.progress.set_fraction(0)
        GLib.timeout_add(50, self.go_on)

    def go_on(self):
        fraction = min(1, self.progress.get_fraction() + 0.05)
        self.progress.set_fraction(fraction)
        if fraction < 1:
            return True
        row = self.items.get_selected_item()
        item = row.get_string() if row else "no item"
        shipping = "express" if self.express.get_active() else "standard"
        gift = "gift" if self.gift.get_active() else "no gift"
        self.status.set_text(
            f"Ordered for {self.name.get_text()}: {self.plan.get_selected_item().get_string()}, {shipping}, {gift}, {item}, "
            f"remarks {self.remarks.get_buffer().get_char_count()} characters, "
            f"password {len(self.password.get_text())} characters"
        )
        return False


def activate(application):
    entries = Gio.Menu()
    entries.append("C_lear", "win.clear")
    entries.append("_About", "win.about")
    bar = Gio.Menu()
    bar.append_submenu("_Form", entries)
    application.set_menubar(bar)
    Order(application).present()


application = Gtk.Application(flags=Gio.ApplicationFlags.NON_UNIQUE)
application.connect("activate", activate)
application.run()
