//! What the screen shows, and how large it is.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    Shared,
    extract::{Body, Parameters},
    fields::Fields,
    refusal::Refusal,
};
use crate::{
    desktop::wire::{Calm, DisplayInfo, Health, ImageFormat, Items, Stack, Window, limits},
    geometry::{Rect, Size},
    server::{
        machine::Machine,
        x11::{PATIENCE, Screen, XError},
    },
    vision::Frame,
};

/// How long it may take to say that it still works.
const HEALTHY: Duration = Duration::from_secs(2);

/// Runs `work` with the screen, on a thread that may wait.
pub(super) async fn with_screen<T: Send + 'static>(
    machine: &Arc<Machine>,
    work: impl FnOnce(&Screen) -> Result<T, XError> + Send + 'static,
) -> Result<T, Refusal> {
    with_screen_within(PATIENCE, machine, work).await
}

/// The same, for work that takes its time.
pub(super) async fn with_screen_within<T: Send + 'static>(
    patience: Duration,
    machine: &Arc<Machine>,
    work: impl FnOnce(&Screen) -> Result<T, XError> + Send + 'static,
) -> Result<T, Refusal> {
    Ok(machine.ask(patience, work).await?)
}

pub(super) async fn health(State(machine): Shared) -> Response {
    let answered = with_screen_within(HEALTHY, &machine, Screen::round_trip).await;
    // Without a keeper there is no desktop, whatever its display says. One that does not
    // answer is waited for until it does or is taken for lost, so that nobody is told
    // anything that is not known yet.
    let ok = answered.is_ok() && machine.processes.answer().await;
    let status = if ok {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(Health { ok })).into_response()
}

pub(super) async fn info(State(machine): Shared) -> Result<Json<DisplayInfo>, Refusal> {
    let size = with_screen(&machine, Screen::size).await?;
    Ok(Json(DisplayInfo {
        display: machine.display(),
        width: size.width,
        height: size.height,
    }))
}

pub(super) async fn resize(
    state: Shared,
    Body(mut fields): Body,
) -> Result<Json<DisplayInfo>, Refusal> {
    fields.require(&["width", "height"]);
    let width = fields.integer("width", limits::WIDTH).unwrap_or(0);
    let height = fields.integer("height", limits::HEIGHT).unwrap_or(0);
    fields.finish()?;
    state.0.resize(Size::new(width, height)).await?;
    info(state).await
}

pub(super) async fn windows(State(machine): Shared) -> Result<Json<Items<Window>>, Refusal> {
    let items = with_screen(&machine, Screen::windows).await?;
    Ok(Json(Items { items }))
}

/// What lies on the screen and on what, and how long nothing has been drawn
/// in a part of it.
pub(super) async fn stack(
    State(machine): Shared,
    Parameters(mut fields): Parameters,
) -> Result<Json<Stack>, Refusal> {
    let region = part(&mut fields);
    fields.finish()?;
    let (unpainted, catch_up) = (Arc::clone(&machine.unpainted), machine.catch_up());
    let look = move |screen: &Screen| {
        catch_up(screen)?;
        screen.stack(&unpainted)
    };
    let stack = with_screen(&machine, look).await?;
    let still = machine.still(region);
    Ok(Json(Stack { still, ..stack }))
}

/// Whether it is safe to click somewhere, as far as that is known without asking about every
/// window.
pub(super) async fn calm(
    State(machine): Shared,
    Parameters(mut fields): Parameters,
) -> Result<Json<Calm>, Refusal> {
    let region = part(&mut fields);
    fields.finish()?;
    let catch_up = machine.catch_up();
    with_screen(&machine, move |screen| catch_up(screen)).await?;
    Ok(Json(Calm {
        still: machine.still(region),
        painted: machine.unpainted.is_empty(),
    }))
}

/// The whole screen or a region of it. A region that leaves the screen is
/// clipped to it; one that lies wholly outside is refused.
pub(super) async fn screenshot(
    State(machine): Shared,
    Parameters(mut fields): Parameters,
) -> Result<Response, Refusal> {
    let region = part(&mut fields);
    let format = format(&mut fields);
    fields.finish()?;
    picture(&machine, region, format).await
}

/// A region of the screen, clipped and refused in the same way.
pub(super) async fn screenshot_region(
    State(machine): Shared,
    Body(mut fields): Body,
) -> Result<Response, Refusal> {
    fields.require(&["x", "y", "width", "height"]);
    let region = region(&mut fields, *limits::SIDE.start());
    let format = format(&mut fields);
    fields.finish()?;
    picture(&machine, Some(region), format).await
}

/// A part of the screen in a query; `None` is all of it.
pub(super) fn part(fields: &mut Fields) -> Option<Rect> {
    let given = ["width", "height"].map(|name| fields.has(name));
    let region = region(fields, 0);
    if given[0] != given[1] || (region.width == 0) != (region.height == 0) {
        fields.bad(
            "width",
            "and `height` must be given together, both 0 or both positive",
        );
    }
    Some(region).filter(|region| !region.is_empty())
}

/// A rectangle whose sides have at least `least` pixels; absent numbers are 0.
fn region(fields: &mut Fields, least: u32) -> Rect {
    let [x, y] = ["x", "y"].map(|name| fields.integer(name, limits::COORDINATE));
    let sides = least..=*limits::SIDE.end();
    let [width, height] = ["width", "height"].map(|name| fields.integer(name, sides.clone()));
    Rect::new(
        x.unwrap_or(0),
        y.unwrap_or(0),
        width.unwrap_or(0),
        height.unwrap_or(0),
    )
}

fn format(fields: &mut Fields) -> ImageFormat {
    let quality = fields.integer("quality", limits::QUALITY);
    match fields.text("format").as_deref() {
        None | Some("png") => ImageFormat::Png,
        Some("jpg" | "jpeg") => ImageFormat::Jpeg { quality },
        Some(other) => {
            fields.bad("format", format!("`{other}` is not one of png, jpg, jpeg"));
            ImageFormat::Png
        }
    }
}

async fn picture(
    machine: &Arc<Machine>,
    region: Option<Rect>,
    format: ImageFormat,
) -> Result<Response, Refusal> {
    let encoded = capture(machine, region, move |frame| match format {
        ImageFormat::Png => frame.encode_png(),
        ImageFormat::Jpeg { quality } => {
            frame.encode_jpeg(quality.unwrap_or(limits::USUAL_QUALITY))
        }
    });
    let bytes = encoded.await?;
    Ok(([(header::CONTENT_TYPE, format.mime_type())], bytes).into_response())
}

/// What `work` makes of the pixels of a region, on a thread that may wait.
pub(super) async fn capture<T: Send + 'static>(
    machine: &Arc<Machine>,
    region: Option<Rect>,
    work: impl FnOnce(Frame) -> T + Send + 'static,
) -> Result<T, Refusal> {
    let done = with_screen(machine, move |screen| {
        let size = screen.size()?;
        let whole = size.to_rect();
        match whole.intersection(region.unwrap_or(whole)) {
            Some(region) => Ok(Ok(work(screen.capture(region)?))),
            None => Ok(Err(size)),
        }
    });
    done.await?.map_err(|size| {
        let region = region.unwrap_or_default();
        let error = format!("and `y` are outside the screen, which is {size}: {region}");
        Refusal::field("x", error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a query asks for, or what is wrong with it.
    fn asked(query: &[(&str, &str)]) -> Result<(Option<Rect>, ImageFormat), String> {
        let pairs = query.iter();
        let pairs = pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut fields = Fields::of_query(pairs.collect());
        let asked = (part(&mut fields), format(&mut fields));
        let finished = fields.finish().map_err(|refusal| refusal.words());
        finished.map(|()| asked)
    }

    #[test]
    fn a_query_without_a_size_asks_for_the_whole_screen() {
        for query in [&[][..], &[("x", "7")], &[("width", "0"), ("height", "0")]] {
            assert_eq!(asked(query), Ok((None, ImageFormat::Png)));
        }
        let part = [("x", "1"), ("y", "2"), ("width", "3"), ("height", "4")];
        let rect = Rect::new(1, 2, 3, 4);
        assert_eq!(asked(&part), Ok((Some(rect), ImageFormat::Png)));
    }

    #[test]
    fn a_size_has_two_sides() {
        for query in [
            &[("width", "5")][..],
            &[("height", "5")],
            &[("width", "0"), ("height", "5")],
        ] {
            let problem = "400 width: and `height` must be given together, both 0 or both positive";
            assert_eq!(asked(query), Err(problem.to_owned()));
        }
    }

    #[test]
    fn jpeg_has_two_names_and_a_quality() {
        let jpeg = |quality| Ok((None, ImageFormat::Jpeg { quality }));
        assert_eq!(asked(&[("format", "jpg")]), jpeg(None));
        let best = [("format", "jpeg"), ("quality", "100")];
        assert_eq!(asked(&best), jpeg(Some(100)));
        for (query, problem) in [
            (
                ("format", "gif"),
                "format: `gif` is not one of png, jpg, jpeg",
            ),
            (
                ("quality", "101"),
                "quality: must be an integer from 1 to 100",
            ),
        ] {
            assert_eq!(asked(&[query]), Err(format!("400 {problem}")));
        }
    }
}
