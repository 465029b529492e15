#!/usr/bin/python3
"""The order form in GTK 3."""

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import GLib, Gtk


class Order(Gtk.Window):
    def __init__(self):
        super().__init__(title="Order", default_width=480)
        self.connect("destroy", Gtk.main_quit)
        self.name = Gtk.Entry()
        self.password = Gtk.Entry(visibility=False, input_purpose=Gtk.InputPurpose.PASSWORD)
        self.gift = Gtk.CheckButton.new_with_mnemonic("_Gift")
        self.standard = Gtk.RadioButton.new_with_mnemonic(None, "S_tandard")
        self.express = Gtk.RadioButton.new_with_mnemonic_from_widget(self.standard, "_Express")
        self.plan = Gtk.ComboBoxText()
        for plan in ("Bronze", "Silver", "Gold"):
            self.plan.append_text(plan)
        self.plan.set_active(0)
        self.progress = Gtk.ProgressBar(valign=Gtk.Align.CENTER)
        self.progress.get_accessible().set_name("Progress")
        self.status = Gtk.Label(xalign=0, wrap=True, label="Nothing ordered")
        self.submit = Gtk.Button.new_with_mnemonic("S_ubmit")
        self.cancel = Gtk.Button.new_with_mnemonic("_Cancel")
        self.name.connect("changed", lambda entry: self.submit.set_sensitive(entry.get_text() != ""))
        self.submit.set_sensitive(False)
        self.submit.connect("clicked", self.begin)
        self.cancel.connect("clicked", lambda _: self.destroy())

        page = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        page.add(self.menu_bar())
        page.add(self.tabs())
        buttons = Gtk.Box(spacing=6, margin=6)
        buttons.pack_start(self.progress, True, True, 0)
        buttons.add(self.cancel)
        buttons.add(self.submit)
        page.add(buttons)
        self.status.set_margin_start(6)
        self.status.set_margin_bottom(6)
        page.add(self.status)
        self.add(page)

    def menu_bar(self):
        menu = Gtk.Menu()
        for label, action in (("C_lear", self.clear), ("_About", self.about)):
            item = Gtk.MenuItem.new_with_mnemonic(label)
            item.connect("activate", action)
            menu.add(item)
        form = Gtk.MenuItem.new_with_mnemonic("_Form")
        form.set_submenu(menu)
        bar = Gtk.MenuBar()
        bar.add(form)
        return bar

    def tabs(self):
        grid = Gtk.Grid(row_spacing=6, column_spacing=12, margin=6)
        for row, (text, field) in enumerate((("_Name", self.name), ("_Password", self.password), ("P_lan", self.plan))):
            label = Gtk.Label.new_with_mnemonic(text)
            label.set_xalign(0)
            label.set_mnemonic_widget(field)
            grid.attach(label, 0, row, 1, 1)
            grid.attach(field, 1, row, 1, 1)
        shipping = Gtk.Frame(label="Shipping")
        choices = Gtk.Box(spacing=12, margin=6)
        choices.add(self.standard)
        choices.add(self.express)
        shipping.add(choices)
        grid.attach(shipping, 0, 3, 2, 1)
        grid.attach(self.gift, 0, 4, 2, 1)

        self.items = Gtk.ListBox()
        for number in range(1, 101):
            self.items.add(Gtk.Label(label=f"Item {number}", xalign=0, margin_start=6))
        self.items.get_accessible().set_name("Items")
        scrolled = Gtk.ScrolledWindow(shadow_type=Gtk.ShadowType.IN, min_content_height=160, hexpand=True, vexpand=True)
        scrolled.add(self.items)
        grid.attach(scrolled, 2, 0, 1, 5)

        self.remarks = Gtk.TextView(margin=6)
        self.remarks.get_accessible().set_name("Remarks")
        tabs = Gtk.Notebook(margin=6)
        tabs.append_page(grid, Gtk.Label(label="Details"))
        tabs.append_page(self.remarks, Gtk.Label(label="Notes"))
        return tabs

    def clear(self, _):
        self.name.set_text("")
        self.password.set_text("")
        self.gift.set_active(False)
        self.standard.set_active(True)
        self.plan.set_active(0)
        self.items.unselect_all()
        self.remarks.get_buffer().set_text("")
        self.progress.set_fraction(0)
        self.status.set_text("Nothing ordered")

    def about(self, _):
        dialog = Gtk.Dialog(title="About this form", transient_for=self, modal=True)
        dialog.get_content_area().add(Gtk.Label(label="The same form in every toolkit.", margin=12))
        dialog.add_button("_Close", Gtk.ResponseType.CLOSE)
        dialog.connect("response", lambda *_: dialog.destroy())
        dialog.show_all()

    def begin(self, _):
        self.progress.set_fraction(0)
        GLib.timeout_add(50, self.go_on)

    def go_on(self):
        fraction = min(1, self.progress.get_fraction() + 0.05)
        self.progress.set_fraction(fraction)
        if fraction < 1:
            return True
        row = self.items.get_selected_row()
        item = row.get_child().get_text() if row else "no item"
        shipping = "express" if self.express.get_active() else "standard"
        gift = "gift" if self.gift.get_active() else "no gift"
        self.status.set_text(
            f"Ordered for {self.name.get_text()}: {self.plan.get_active_text()}, {shipping}, {gift}, {item}, "
            f"remarks {self.remarks.get_buffer().get_char_count()} characters, "
            f"password {self.password.get_text_length()} characters"
        )
        return False


Order().show_all()
Gtk.main()
