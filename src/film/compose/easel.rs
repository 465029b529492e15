//! Draws one frame according to its recipe.

use image::RgbImage;

use crate::{
    film::{
        Film,
        paint::{
            arrow, arrow::Placed, backdrop::Backdrop, cover::cover, lens, ring, theme, theme::Theme,
        },
        recipe::{Arrow, Ground, Recipe},
    },
    vision::Frame,
};

/// What is drawn once for a whole film.
#[derive(Debug)]
pub(super) struct Studio<'a> {
    pub(super) film: &'a Film,
    backdrop: Backdrop,
    theme: Option<Theme>,
}

impl<'a> Studio<'a> {
    pub(super) fn new(film: &'a Film) -> Self {
        let pointer = &film.style.pointer;
        let theme = pointer.theme.as_deref().filter(|_| film.has_pointer);
        Self {
            film,
            backdrop: Backdrop::new(&film.style, &film.layout),
            theme: theme.and_then(|name| Theme::load(name, pointer.size)),
        }
    }

    fn pointer(&self, pointer: Arrow) -> Placed {
        let height = theme::height(pointer.height);
        match &self.theme {
            Some(theme) => theme.pointer(pointer.tip, height),
            None => arrow::arrow(pointer.tip, height, self.film.style.pointer.shadow),
        }
    }
}

/// The place where one of several threads draws; it keeps what the next frame may need again.
#[derive(Debug)]
pub(super) struct Easel<'a> {
    studio: &'a Studio<'a>,
    /// The last ground, in case the next frame has the same one.
    kept: Option<(Ground, RgbImage)>,
}

impl<'a> Easel<'a> {
    pub(super) fn new(studio: &'a Studio<'a>) -> Self {
        Self { studio, kept: None }
    }

    /// Draws a frame of the film.
    pub(super) fn draw(&mut self, recipe: &Recipe, screen: &Frame) -> Frame {
        let film = self.studio.film;
        let hidden = recipe
            .boards
            .first()
            .is_some_and(|(index, seen)| *seen == u8::MAX && film.boards[*index].hides_all());
        let mut picture = if hidden {
            RgbImage::new(film.layout.film.width, film.layout.film.height)
        } else {
            self.ground(&recipe.ground, screen)
        };
        for ring in &recipe.rings {
            let ring = ring::ring(ring.place, ring.phase, ring.scale, ring.colour);
            ring.sprite.over(&mut picture, ring.corner, u8::MAX);
        }
        if let Some(pointer) = recipe.pointer {
            let pointer = self.studio.pointer(pointer);
            pointer.sprite.over(&mut picture, pointer.corner, u8::MAX);
        }
        for (index, seen) in &recipe.boards {
            let (sprite, corner) = film.boards[*index].picture(film.layout.film);
            sprite.over(&mut picture, corner, *seen);
        }
        picture.into()
    }

    /// The visible part of the screen, and what is around it.
    fn ground(&mut self, ground: &Ground, screen: &Frame) -> RgbImage {
        if let Some((_, picture)) = self.kept.as_ref().filter(|(kept, _)| kept == ground) {
            return picture.clone();
        }
        let film = self.studio.film;
        let stage = film.layout.stage;
        let covered = (!ground.covers.is_empty()).then(|| {
            let mut covered = screen.image().clone();
            cover(&mut covered, &ground.covers, film.style.covers);
            covered
        });
        let screen = covered.as_ref().unwrap_or(screen.image());
        let seen = lens::seen(screen, ground.view, (stage.width, stage.height));
        let seen = seen.as_ref().unwrap_or(screen);
        let picture = if self.studio.backdrop.is_covered_by(stage) {
            seen.clone()
        } else {
            self.studio.backdrop.around(seen, stage)
        };
        self.kept = Some((ground.clone(), picture.clone()));
        picture
    }
}
