#!/usr/bin/python3
"""The order form in Tk, which shows nothing of itself to assistive technology."""

import tkinter as tk
from tkinter import ttk


class Order(tk.Tk):
    def __init__(self):
        super().__init__(className="Order")
        self.title("Order")
        self.name = tk.StringVar()
        self.password = tk.StringVar()
        self.plan = tk.StringVar()
        self.gift = tk.BooleanVar()
        self.shipping = tk.StringVar()
        self.done = tk.IntVar()
        self.status = tk.StringVar()
        self.bar()
        tabs = ttk.Notebook(self)
        tabs.add(self.details(tabs), text="Details")
        self.remarks = tk.Text(tabs, width=40, height=10)
        tabs.add(self.remarks, text="Notes")
        tabs.pack(fill="both", expand=True, padx=6, pady=6)
        buttons = ttk.Frame(self)
        buttons.pack(fill="x", padx=6)
        ttk.Progressbar(buttons, variable=self.done).pack(side="left", fill="x", expand=True)
        ttk.Button(buttons, text="Cancel", command=self.destroy).pack(side="left", padx=6)
        self.submit = ttk.Button(buttons, text="Submit", command=self.begin)
        self.submit.pack(side="left")
        ttk.Label(self, textvariable=self.status, wraplength=480).pack(anchor="w", padx=6, pady=6)
        self.name.trace_add("write", lambda *_: self.submit.state(["!disabled" if self.name.get() else "disabled"]))
        self.clear()

    def bar(self):
        bar = tk.Menu(self)
        form = tk.Menu(bar, tearoff=False)
        form.add_command(label="Clear", command=self.clear)
        form.add_command(label="About", command=self.about)
        bar.add_cascade(label="Form", menu=form)
        self.config(menu=bar)

    def details(self, tabs):
        page = ttk.Frame(tabs, padding=6)
        fields = (
            ("Name", ttk.Entry(page, textvariable=self.name)),
            ("Password", ttk.Entry(page, textvariable=self.password, show="*")),
            ("Plan", ttk.Combobox(page, textvariable=self.plan, values=("Bronze", "Silver", "Gold"), state="readonly")),
        )
        for row, (text, field) in enumerate(fields):
            ttk.Label(page, text=text).grid(row=row, column=0, sticky="w")
            field.grid(row=row, column=1, sticky="ew", padx=6, pady=2)
        shipping = ttk.LabelFrame(page, text="Shipping", padding=6)
        for way in ("Standard", "Express"):
            ttk.Radiobutton(shipping, text=way, variable=self.shipping, value=way.lower()).pack(side="left")
        shipping.grid(row=3, column=0, columnspan=2, sticky="ew")
        ttk.Checkbutton(page, text="Gift", variable=self.gift).grid(row=4, column=0, columnspan=2, sticky="w")
        self.items = tk.Listbox(page, exportselection=False, height=10)
        self.items.insert("end", *(f"Item {number}" for number in range(1, 101)))
        scroll = ttk.Scrollbar(page, command=self.items.yview)
        self.items.config(yscrollcommand=scroll.set)
        self.items.grid(row=0, column=2, rowspan=5, sticky="nsew")
        scroll.grid(row=0, column=3, rowspan=5, sticky="ns")
        return page

    def clear(self):
        self.name.set("")
        self.password.set("")
        self.gift.set(False)
        self.shipping.set("standard")
        self.plan.set("Bronze")
        self.items.selection_clear(0, "end")
        self.remarks.delete("1.0", "end")
        self.done.set(0)
        self.status.set("Nothing ordered")

    def about(self):
        dialog = tk.Toplevel(self)
        dialog.title("About this form")
        dialog.transient(self)
        ttk.Label(dialog, text="The same form in every toolkit.").pack(padx=12, pady=12)
        ttk.Button(dialog, text="Close", command=dialog.destroy).pack(pady=6)

    def begin(self):
        self.done.set(0)
        self.after(50, self.go_on)

    def go_on(self):
        self.done.set(self.done.get() + 5)
        if self.done.get() < 100:
            self.after(50, self.go_on)
            return
        row = self.items.curselection()
        item = self.items.get(row[0]) if row else "no item"
        gift = "gift" if self.gift.get() else "no gift"
        self.status.set(
            f"Ordered for {self.name.get()}: {self.plan.get()}, {self.shipping.get()}, {gift}, {item}, "
            f"remarks {len(self.remarks.get('1.0', 'end-1c'))} characters, "
            f"password {len(self.password.get())} characters"
        )


Order().mainloop()
