//! Elements of XML, and how they are written.

use std::{fmt::Display, io};

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

/// An element: with attributes, and with either elements or text in it.
#[derive(Debug)]
pub(super) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    text: String,
    elements: Vec<Element>,
}

impl Element {
    pub(super) const fn new(name: &'static str) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            text: String::new(),
            elements: Vec::new(),
        }
    }

    /// The same with one more attribute.
    pub(super) fn with(mut self, name: &'static str, value: &dyn Display) -> Self {
        self.attributes.push((name, allowed(&value.to_string())));
        self
    }

    /// The same with this text in it.
    pub(super) fn saying(mut self, text: &str) -> Self {
        self.text = allowed(text);
        self
    }

    /// The same with more elements in it.
    pub(super) fn holding(mut self, elements: impl IntoIterator<Item = Self>) -> Self {
        self.elements.extend(elements);
        self
    }

    /// The whole document that this element is the root of.
    pub(super) fn document(&self) -> String {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 4);
        let declaration = BytesDecl::new("1.0", Some("UTF-8"), None);
        let written = writer
            .write_event(Event::Decl(declaration))
            .and_then(|()| self.write(&mut writer));
        // Memory takes everything.
        debug_assert!(written.is_ok());
        String::from_utf8_lossy(&writer.into_inner()).into_owned() + "\n"
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
        let attributes = self.attributes.iter();
        let attributes = attributes.map(|(name, value)| (*name, value.as_str()));
        let start = BytesStart::new(self.name).with_attributes(attributes);
        if self.text.is_empty() && self.elements.is_empty() {
            return writer.write_event(Event::Empty(start));
        }
        writer.write_event(Event::Start(start))?;
        if !self.text.is_empty() {
            writer.write_event(Event::Text(BytesText::new(&self.text)))?;
        }
        for element in &self.elements {
            element.write(writer)?;
        }
        writer.write_event(Event::End(BytesEnd::new(self.name)))
    }
}

/// The text without the characters that XML 1.0 forbids (section 2.2, `Char`), not
/// even as references, and without other controls, which it discourages. Line ends
/// and tabs stay.
pub(super) fn allowed(text: &str) -> String {
    text.chars()
        .filter(|c| match c {
            '\n' | '\t' => true,
            '\u{fffe}' | '\u{ffff}' => false,
            c => !c.is_control(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_texts_stays_text_and_line_ends_in_attributes_stay_line_ends() {
        let text = "<&>]]>\"'";
        let element = Element::new("a").with("b", &"1\n2\t<&\"'").saying(text);
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
            <a b=\"1&#10;2&#9;&lt;&amp;&quot;&apos;\">&lt;&amp;&gt;]]&gt;&quot;&apos;</a>\n";
        assert_eq!(element.document(), expected);
    }

    #[test]
    fn characters_that_xml_forbids_are_removed_and_all_others_stay() {
        let forbidden: String = (0..=0x10_ffff_u32)
            .filter_map(char::from_u32)
            .filter(|c| allowed(&c.to_string()).is_empty())
            .collect();
        let controls = (0..=0x1f)
            .filter(|c| ![9, 10].contains(c))
            .chain(0x7f..=0x9f);
        let expected = controls.chain([0xfffe, 0xffff]).filter_map(char::from_u32);
        assert_eq!(forbidden, expected.collect::<String>());
    }
}
