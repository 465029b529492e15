#!/usr/bin/python3
"""The order form in Qt 6."""

import sys

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import *


class Order(QMainWindow):
    def __init__(self):
        super().__init__()
        self.setWindowTitle("Order")
        self.name = QLineEdit()
        self.password = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.gift = QCheckBox("&Gift")
        self.standard = QRadioButton("S&tandard", checked=True)
        self.express = QRadioButton("&Express")
        self.plan = QComboBox()
        self.plan.addItems(("Bronze", "Silver", "Gold"))
        self.items = QListWidget()
        self.items.addItems(f"Item {number}" for number in range(1, 101))
        self.items.setAccessibleName("Items")
        self.remarks = QPlainTextEdit()
        self.remarks.setAccessibleName("Remarks")
        self.progress = QProgressBar(value=0)
        self.progress.setAccessibleName("Progress")
        self.status = QLabel("Nothing ordered", wordWrap=True)
        self.submit = QPushButton("S&ubmit", enabled=False)
        self.cancel = QPushButton("&Cancel")
        self.name.textChanged.connect(lambda text: self.submit.setEnabled(text != ""))
        self.submit.clicked.connect(self.begin)
        self.cancel.clicked.connect(self.close)
        self.timer = QTimer(interval=50)
        self.timer.timeout.connect(self.go_on)

        menu = self.menuBar().addMenu("&Form")
        menu.addAction("C&lear", self.clear)
        menu.addAction("&About", self.about)
        tabs = QTabWidget()
        tabs.addTab(self.details(), "Details")
        tabs.addTab(self.remarks, "Notes")
        buttons = QHBoxLayout()
        for widget in (self.progress, self.cancel, self.submit):
            buttons.addWidget(widget)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.addWidget(tabs)
        layout.addLayout(buttons)
        layout.addWidget(self.status)
        self.setCentralWidget(page)

    def details(self):
        shipping = QGroupBox("Shipping")
        choices = QHBoxLayout(shipping)
        choices.addWidget(self.standard)
        choices.addWidget(self.express)
        fields = QFormLayout()
        fields.addRow("&Name", self.name)
        fields.addRow("&Password", self.password)
        fields.addRow("P&lan", self.plan)
        fields.addRow(shipping)
        fields.addRow(self.gift)
        page = QWidget()
        layout = QHBoxLayout(page)
        layout.addLayout(fields)
        layout.addWidget(self.items)
        return page

    def clear(self):
        self.name.clear()
        self.password.clear()
        self.gift.setChecked(False)
        self.standard.setChecked(True)
        self.plan.setCurrentIndex(0)
        self.items.setCurrentRow(-1)
        self.remarks.clear()
        self.progress.setValue(0)
        self.status.setText("Nothing ordered")

    def about(self):
        dialog = QDialog(self, windowTitle="About this form")
        close = QPushButton("&Close")
        close.clicked.connect(dialog.accept)
        layout = QVBoxLayout(dialog)
        layout.addWidget(QLabel("The same form in every toolkit."))
        layout.addWidget(close)
        dialog.open()

    def begin(self):
        self.progress.setValue(0)
        self.timer.start()

    def go_on(self):
        self.progress.setValue(self.progress.value() + 5)
        if self.progress.value() < 100:
            return
        self.timer.stop()
        row = self.items.currentItem()
        item = row.text() if row else "no item"
        shipping = "express" if self.express.isChecked() else "standard"
        gift = "gift" if self.gift.isChecked() else "no gift"
        self.status.setText(
            f"Ordered for {self.name.text()}: {self.plan.currentText()}, {shipping}, {gift}, {item}, "
            f"remarks {len(self.remarks.toPlainText())} characters, "
            f"password {len(self.password.text())} characters"
        )


application = QApplication(sys.argv)
order = Order()
order.show()
sys.exit(application.exec())
