//! Used files, pictures, uploads.

use super::*;
use crate::{
    geometry::Point,
    plan::{AnyLook, ImageLook, Upload},
    profile::Profile,
    vision::{Frame, Needle},
};

const PART: &str = "version: 1\nvars: { save:, key: Return }\nsteps:\n  - type: ${vars.save}\n  - press: \
                    ${vars.key}\n";

/// A PNG of one grey pixel.
fn picture() -> Vec<u8> {
    crate::vision::Frame::filled(Size::new(1, 1), [128; 3]).encode_png()
}

/// What the first step clicks.
fn clicked(case: &Case) -> Target {
    match case.actions().into_iter().next() {
        Some(Action::Click(click)) => click.at.expect("a target"),
        other => panic!("a click: {other:?}"),
    }
}

#[test]
fn a_used_file_is_played_in_its_place_with_its_inputs() {
    let case = Case::steps("  - use: parts/close.yaml\n    with: { save: never }\n")
        .file("flows/parts/close.yaml", PART);
    assert_eq!(
        case.titles(),
        ["use parts/close.yaml", "  type \"never\"", "  press Return"]
    );
    let plan = case.plan();
    let Action::Group(group) = &plan.steps[0].action else {
        panic!("a group");
    };
    let origin = &group.steps[0].origin;
    assert_eq!(origin.source.name(), "flows/parts/close.yaml");
    assert_eq!(origin.source.slice(origin.span), "type: ${vars.save}");
}

#[test]
fn a_problem_of_a_used_file_is_told_once_and_in_that_file() {
    let case = Case::steps(
        "  - use: parts/close.yaml\n    with: { save: a }\n  - use: parts/close.yaml\n    with: { \
         save: b }\n",
    )
    .file("flows/parts/close.yaml", PART.replace("press", "pres"));
    let expected = ("flows/parts/close.yaml".to_owned(), Code::UnknownVerb);
    assert_eq!(case.problems(), [expected]);
}

#[test]
fn inputs_are_held_against_what_the_file_asks_for() {
    let codes = |with: &str| {
        Case::steps(&format!("  - use: parts/close.yaml\n{with}"))
            .file("flows/parts/close.yaml", PART)
            .problems()
            .into_iter()
            .filter(|(file, _)| file == "flows/saves a note.yaml")
            .map(|(_, code)| code)
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(""), [Code::MissingInput]);
    assert_eq!(
        codes("    with: { save: a, kye: b }\n"),
        [Code::UnknownInput]
    );
}

#[test]
fn files_that_use_each_other_are_a_problem() {
    let part = |other: &str| format!("version: 1\nsteps:\n  - use: {other}.yaml\n");
    let case = Case::steps("  - use: parts/a.yaml\n")
        .file("flows/parts/a.yaml", part("b"))
        .file("flows/parts/b.yaml", part("a"));
    let expected = ("flows/parts/b.yaml".to_owned(), Code::UseCycle);
    assert_eq!(case.problems(), [expected]);
}

#[test]
fn a_file_in_the_folder_parts_is_looked_at_and_not_played() {
    let read = |text: &str| {
        read(
            [Source::new("flows/parts/close.yaml", text.as_bytes())],
            &Context::default(),
        )
    };
    assert!(read(PART).expect("it is right").plans.is_empty());
    assert!(read(&PART.replace("press", "pres")).is_err());
}

#[test]
fn what_a_used_file_captures_is_known_behind_it() {
    let part = "version: 1\nsteps:\n  - run: date\n    capture: today\n";
    let case = Case::steps("  - use: parts/date.yaml\n  - type: ${captured.today}\n")
        .file("flows/parts/date.yaml", part);
    assert_eq!(case.warnings(), Vec::<String>::new());
}

#[test]
fn a_picture_is_read_from_the_folder_of_its_file() {
    let case = Case::steps("  - click: { image: images/save.png, threshold: 80% }\n")
        .file("flows/images/save.png", picture());
    let target = &clicked(&case);
    let Look::Image(ImageLook {
        pictures,
        threshold,
        ..
    }) = &target.look
    else {
        panic!("{target:?}");
    };
    assert_eq!(pictures[0].name, "flows/images/save.png");
    assert!((threshold - 0.8).abs() < 1e-6);
}

#[test]
fn a_star_stands_for_several_looks_of_a_picture() {
    let case = Case::steps("  - click: { image: \"images/save*.png\" }\n")
        .file("flows/images/save-dark.png", picture())
        .file("flows/images/save.png", picture())
        .file("flows/images/open.png", picture());
    let target = &clicked(&case);
    let Look::Image(ImageLook { pictures, .. }) = &target.look else {
        panic!("{target:?}");
    };
    let names: Vec<&str> = pictures.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(
        names,
        ["flows/images/save-dark.png", "flows/images/save.png"]
    );
}

#[test]
fn a_picture_may_do_without_its_background() {
    let ignoring = "  - click: { image: images/save.png, ignore-background: true }\n";
    let mut icon = Frame::filled(Size::new(12, 12), [240; 3]);
    icon.put(
        &Frame::filled(Size::new(6, 6), [30, 90, 200]),
        Point::new(3, 3),
    );
    icon.put(&Frame::filled(Size::new(2, 2), [255; 3]), Point::new(5, 5));
    let icon = icon.encode_png();
    let case = Case::steps(ignoring).file("flows/images/save.png", icon.clone());
    let target = &clicked(&case);
    let Look::Image(ImageLook { pictures, .. }) = &target.look else {
        panic!("{target:?}");
    };
    let whole = Needle::decode_png(&icon).unwrap();
    assert_eq!(Ok(&pictures[0].needle), whole.without_background().as_ref());
    assert_ne!(pictures[0].needle, whole);
    let case = Case::steps(ignoring).file("flows/images/save.png", picture());
    assert_eq!(case.codes(), [Code::BadPicture]);
}

#[test]
fn a_file_to_upload_has_to_be_there() {
    let case = Case::steps("  - upload: { from: note.txt, to: a.txt }\n");
    assert_eq!(case.codes(), [Code::MissingFile]);
    let case = case.file("flows/note.txt", "a note");
    let upload = Upload {
        from: "flows/note.txt".into(),
        to: Text::from("a.txt"),
    };
    assert_eq!(case.actions(), [Action::Upload(Box::new(upload))]);
}

#[test]
fn targets_lead_to_others_and_never_to_themselves() {
    let case = Case::text(
        "regions:\n  bar: { x: 0, y: 0, width: 100, height: 28 }\ntargets:\n  dialog: { window: /As/ \
         }\n  save: { any: [{ text: Save, in: dialog }, { text: Save, in: bar, nth: 2, offset: [0, \
         5] }] }\nsteps:\n  - click: save\n",
    );
    let target = &clicked(&case);
    assert_eq!(target.title, "save");
    let Look::Any(AnyLook { targets: looks }) = &target.look else {
        panic!("{target:?}");
    };
    assert_eq!(looks[1].nth, Some(2));
    assert_eq!(looks[1].offset, Point::new(0, 5));
    let circle =
        Case::text("targets:\n  a: { any: [b] }\n  b: { text: x, in: a }\nsteps:\n  - click: a\n");
    assert_eq!(circle.codes(), [Code::UseCycle]);
}

#[test]
fn the_settings_hold_in_used_files_too() {
    let settings = "version: 1\nvars: { greeting: hello, save: nobody sees this }\nsecrets: [TOKEN]\ntargets:\n  \
                    logo: { image: images/logo.png }\ndefaults: { timeout: 7s }\n";
    let part = "version: 1\nvars: { save: }\nsteps:\n  - type: ${vars.greeting} ${vars.save}\n  - \
                click: logo\n  - type: { text: \"${secrets.TOKEN}\" }\n";
    let case = Case::steps("  - use: parts/close.yaml\n    with: { save: me }\n")
        .settings(settings)
        .file("images/logo.png", picture())
        .file("flows/parts/close.yaml", part);
    assert_eq!(
        case.titles(),
        [
            "use parts/close.yaml",
            "  type \"hello me\"",
            "  click logo",
            "  type \"***\"",
        ]
    );
}

#[test]
fn the_settings_say_how_the_desktop_is_until_a_scenario_does() {
    let settings = "version: 1\ndesktop: { profile: bare, environment: { LANG: C, TZ: UTC } }\n";
    let plan = |desktop: &str| {
        let text = format!("{desktop}steps: [wait-ready]\n");
        Case::text(&text).settings(settings).plan()
    };
    let own = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let silent = plan("");
    assert_eq!(silent.profile, Profile::Bare);
    assert_eq!(silent.environment, [own("LANG", "C"), own("TZ", "UTC")]);
    let other = plan("desktop: { profile: xfce, environment: { LANG: de, MODE: fast } }\n");
    assert_eq!(other.profile, Profile::Xfce);
    assert_eq!(
        other.environment,
        [own("LANG", "de"), own("MODE", "fast"), own("TZ", "UTC")]
    );
}

#[test]
fn the_packages_of_a_scenario_stand_beside_those_of_the_settings() {
    let packages = |desktop: &str| -> Vec<String> {
        let text = format!("vars: {{ editor: l3afpad }}\n{desktop}steps: [wait-ready]\n");
        let settings = "version: 1\ndesktop: { packages: [xterm, g++] }\n";
        Case::text(&text).settings(settings).plan().packages
    };
    assert_eq!(packages(""), ["xterm", "g++"]);
    assert_eq!(
        packages("desktop: { packages: [\"${vars.editor}\", xterm] }\n"),
        ["xterm", "g++", "l3afpad"]
    );
}

#[test]
fn the_languages_of_a_scenario_stand_in_the_place_of_those_of_the_settings() {
    let codes = |desktop: &str| -> Vec<&str> {
        let text = format!("vars: {{ lang: rus }}\n{desktop}steps: [wait-ready]\n");
        let settings = "version: 1\ndesktop: { languages: [deu, fra] }\n";
        let plan = Case::text(&text).settings(settings).plan();
        plan.languages
            .iter()
            .map(|language| language.code())
            .collect()
    };
    assert_eq!(codes(""), ["deu", "fra"]);
    assert_eq!(
        codes("desktop: { languages: [\"${vars.lang}\", eng] }\n"),
        ["rus"]
    );
    assert_eq!(codes("desktop: { languages: [] }\n"), [""; 0]);
}
