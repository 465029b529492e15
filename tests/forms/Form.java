import java.awt.*;
import java.awt.event.KeyEvent;
import java.util.stream.IntStream;
import javax.swing.*;
import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;

/** The order form in Swing. */
public class Form extends JFrame {
    final JTextField name = new JTextField(14);
    final JPasswordField password = new JPasswordField(14);
    final JCheckBox gift = new JCheckBox("Gift");
    final JRadioButton standard = new JRadioButton("Standard", true);
    final JRadioButton express = new JRadioButton("Express");
    final JComboBox<String> plan = new JComboBox<>(new String[] {"Bronze", "Silver", "Gold"});
    final JList<String> items =
            new JList<>(IntStream.rangeClosed(1, 100).mapToObj(number -> "Item " + number).toArray(String[]::new));
    final JTextArea remarks = new JTextArea();
    final JProgressBar progress = new JProgressBar(0, 100);
    final JLabel status = new JLabel("Nothing ordered");
    final JButton submit = new JButton("Submit");
    final Timer timer = new Timer(50, event -> goOn());

    Form() {
        super("Order");
        setDefaultCloseOperation(EXIT_ON_CLOSE);
        JMenu menu = new JMenu("Form");
        menu.add("Clear").addActionListener(event -> clear());
        menu.add("About").addActionListener(event -> about());
        JMenuBar bar = new JMenuBar();
        bar.add(menu);
        setJMenuBar(bar);
        JTabbedPane tabs = new JTabbedPane();
        remarks.getAccessibleContext().setAccessibleName("Remarks");
        tabs.addTab("Details", details());
        tabs.addTab("Notes", new JScrollPane(remarks));
        JButton cancel = new JButton("Cancel");
        cancel.addActionListener(event -> System.exit(0));
        submit.setEnabled(false);
        submit.addActionListener(event -> {
            progress.setValue(0);
            timer.start();
        });
        name.getDocument().addDocumentListener(new DocumentListener() {
            public void insertUpdate(DocumentEvent event) { submit.setEnabled(true); }
            public void removeUpdate(DocumentEvent event) { submit.setEnabled(!name.getText().isEmpty()); }
            public void changedUpdate(DocumentEvent event) { }
        });
        progress.getAccessibleContext().setAccessibleName("Progress");
        JPanel buttons = new JPanel();
        buttons.add(progress);
        buttons.add(cancel);
        buttons.add(submit);
        JPanel foot = new JPanel(new BorderLayout());
        foot.add(buttons);
        foot.add(status, BorderLayout.SOUTH);
        add(tabs);
        add(foot, BorderLayout.SOUTH);
        setSize(720, 360);
    }

    JPanel details() {
        ButtonGroup group = new ButtonGroup();
        group.add(standard);
        group.add(express);
        JPanel shipping = new JPanel();
        shipping.setBorder(BorderFactory.createTitledBorder("Shipping"));
        shipping.getAccessibleContext().setAccessibleName("Shipping");
        shipping.add(standard);
        shipping.add(express);
        JPanel fields = new JPanel(new GridBagLayout());
        row(fields, 0, "Name", KeyEvent.VK_N, name);
        row(fields, 1, "Password", KeyEvent.VK_P, password);
        row(fields, 2, "Plan", KeyEvent.VK_L, plan);
        GridBagConstraints wide = new GridBagConstraints();
        wide.gridwidth = 2;
        wide.gridx = 0;
        fields.add(shipping, wide);
        fields.add(gift, wide);
        items.setSelectionMode(ListSelectionModel.SINGLE_SELECTION);
        items.getAccessibleContext().setAccessibleName("Items");
        JPanel page = new JPanel(new GridLayout(1, 2));
        page.add(fields);
        page.add(new JScrollPane(items));
        return page;
    }

    static void row(JPanel fields, int row, String text, int mnemonic, JComponent field) {
        GridBagConstraints place = new GridBagConstraints();
        place.gridy = row;
        place.anchor = GridBagConstraints.WEST;
        place.insets = new Insets(2, 4, 2, 4);
        JLabel label = new JLabel(text);
        label.setDisplayedMnemonic(mnemonic);
        label.setLabelFor(field);
        fields.add(label, place);
        fields.add(field, place);
    }

    void clear() {
        name.setText("");
        password.setText("");
        gift.setSelected(false);
        standard.setSelected(true);
        plan.setSelectedIndex(0);
        items.clearSelection();
        remarks.setText("");
        progress.setValue(0);
        status.setText("Nothing ordered");
    }

    void about() {
        Object[] choices = {"Close"};
        JOptionPane.showOptionDialog(this, "The same form in every toolkit.", "About this form",
                JOptionPane.DEFAULT_OPTION, JOptionPane.INFORMATION_MESSAGE, null, choices, choices[0]);
    }

    void goOn() {
        progress.setValue(progress.getValue() + 5);
        if (progress.getValue() < 100) {
            return;
        }
        timer.stop();
        String item = items.getSelectedValue() == null ? "no item" : items.getSelectedValue();
        status.setText(String.format("Ordered for %s: %s, %s, %s, %s, remarks %d characters, password %d characters",
                name.getText(), plan.getSelectedItem(), express.isSelected() ? "express" : "standard",
                gift.isSelected() ? "gift" : "no gift", item, remarks.getText().length(), password.getPassword().length));
    }

    public static void main(String[] arguments) {
        SwingUtilities.invokeLater(() -> new Form().setVisible(true));
    }
}
