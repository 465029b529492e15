//! The method that reads the screen. The desktop API has none for it: what reads is
//! on this machine.

use serde_json::{Value, json};

use super::{Answer, Call, Fault, show::table};
use crate::{
    cli::{
        Exit,
        value::{language, region},
    },
    desktop::wire::ImageFormat,
    executor::Tesseract,
    geometry::{Point, Rect},
    language::Language,
    vision::{self, Frame, Reading, Recognizer},
};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Only in this part of the screen, such as 10,20,300x200
    #[arg(long = "in", value_name = "X,Y,WxH", value_parser = region)]
    area: Option<Rect>,
    /// The languages of the text in addition to English, such as `deu,fra`
    #[arg(
        long,
        value_name = "CODES",
        value_delimiter = ',',
        value_parser = language
    )]
    languages: Vec<Language>,
}

impl Arguments {
    pub(super) async fn call(&self, call: &Call<'_>) -> Result<Answer, Fault> {
        let Some(program) = call.tesseract else {
            let help = "`tesseract` is not installed: install the package tesseract-ocr";
            return Err(Fault::Search(help.to_owned()));
        };
        let reader = Tesseract::new(program.to_owned());
        if let Some(language) = reader.lacks(&self.languages).first() {
            return Err(Fault::Search(format!(
                "text in {} cannot be read: install the package {}",
                language.name(),
                language.package()
            )));
        }
        let picture = call.desktop.screenshot(None, ImageFormat::Png);
        let picture = call.ask(picture).await?;
        let broken = |error: &dyn std::fmt::Display| Fault::Search(error.to_string());
        let frame = Frame::decode_png(&picture).map_err(|error| broken(&error))?;
        let area = self.area.unwrap_or_else(|| frame.size().to_rect());
        let words = reader.read(&frame, area, &self.languages);
        let words = words.map_err(|error| broken(&error))?;
        let mut texts = vision::texts(&words);
        for text in &mut texts {
            let Point { x, y } = area.corner();
            text.bounds.x += x;
            text.bounds.y += y;
        }
        let rows = table(&HEAD, texts.iter().map(row));
        Ok(Answer::new(rows, &document(&texts), Exit::Passed))
    }
}

const HEAD: [&str; 4] = ["SURE", "PLACE", "SIZE", "TEXT"];

/// How sure a text is, where it is, and what it says.
fn row(reading: &Reading) -> [String; 4] {
    [
        format!("{:.0}%", reading.score * 100.0),
        reading.bounds.corner().to_string(),
        reading.bounds.size().to_string(),
        reading.text.clone(),
    ]
}

/// The same as JSON; the score is 0 to 1.
fn document(texts: &[Reading]) -> Value {
    let item = |Reading {
                    text,
                    bounds,
                    score,
                }: &Reading| {
        let Rect {
            x,
            y,
            width,
            height,
        } = bounds;
        let score = (f64::from(*score) * 1000.0).round() / 1000.0;
        json!({ "text": text, "x": x, "y": y, "width": width, "height": height, "score": score })
    };
    let items: Vec<Value> = texts.iter().map(item).collect();
    json!({ "items": items })
}

#[cfg(test)]
mod tests {
    use std::{
        path::{Path, PathBuf},
        process::Command,
        time::Duration,
    };

    use super::*;
    use crate::{desktop::MemoryDesktop, geometry::Size};

    /// A program in place of tesseract, which reads one word on the first line
    /// that it is given, and knows English and German.
    fn reader(folder: &Path) -> PathBuf {
        let script = "#!/bin/sh\n\
            if [ \"$1\" = --list-langs ]; then printf 'eng\\ndeu\\n'; exit; fi\n\
            cat > /dev/null\n\
            printf '5\\t1\\t1\\t1\\t1\\t1\\t0\\t0\\t900\\t90\\t96\\tSave\\n'\n";
        let (text, program) = (folder.join("text"), folder.join("tesseract"));
        std::fs::write(&text, script).unwrap();
        // A program that this process has written may still be open for writing in
        // a child of another test, and then it cannot be run.
        let mut copy = Command::new("install");
        let copied = copy.args(["-m", "755"]).args([&text, &program]).status();
        assert!(copied.unwrap().success());
        program
    }

    async fn read(arguments: Arguments) -> Result<Answer, Fault> {
        let folder = tempfile::tempdir().unwrap();
        let program = reader(folder.path());
        let desktop = MemoryDesktop::new(Size::new(200, 100));
        let white = Rect::new(0, 0, 200, 100);
        let desktop = desktop.painted_after(Duration::ZERO, white, [255; 3]);
        let strokes = [Rect::new(50, 40, 4, 12), Rect::new(58, 40, 4, 12)];
        let desktop = strokes.into_iter().fold(desktop, |desktop, stroke| {
            desktop.painted_after(Duration::ZERO, stroke, [0; 3])
        });
        let call = Call {
            desktop: &desktop,
            url: "",
            timeout: None,
            tesseract: Some(&program),
            environment: None,
        };
        arguments.call(&call).await
    }

    #[tokio::test]
    async fn what_is_read_is_told_with_its_place_on_the_screen() {
        let part = Rect::new(40, 30, 60, 40);
        for area in [None, Some(part)] {
            let languages = Vec::new();
            let answer = read(Arguments { area, languages }).await.unwrap();
            let cells: Vec<&str> = answer.text.split_whitespace().collect();
            let expected = ["96%", "50,40", "12x12", "Save"];
            assert_eq!(cells, [HEAD, expected].concat());
        }
        let (area, languages) = (Some(Rect::new(0, 0, 30, 100)), Vec::new());
        let nothing = read(Arguments { area, languages }).await.unwrap();
        assert_eq!(nothing.json, "{\"items\":[]}\n");
    }

    #[tokio::test]
    async fn a_language_without_data_is_told_with_its_package() {
        let languages = ["deu", "rus"].map(|code| Language::of_code(code).unwrap());
        let (area, languages) = (None, languages.to_vec());
        let fault = read(Arguments { area, languages }).await.unwrap_err();
        assert_eq!(
            fault.to_string(),
            "text in Russian cannot be read: install the package tesseract-ocr-rus"
        );
    }

    #[test]
    fn every_text_has_its_place_and_its_score() {
        let texts = [Reading {
            text: "Save As".to_owned(),
            bounds: Rect::new(10, 20, 40, 12),
            score: 0.96,
        }];
        assert_eq!(row(&texts[0]), ["96%", "10,20", "40x12", "Save As"]);
        assert_eq!(
            document(&texts).to_string(),
            r#"{"items":[{"height":12,"score":0.96,"text":"Save As","width":40,"x":10,"y":20}]}"#
        );
    }
}
