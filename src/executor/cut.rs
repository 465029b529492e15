//! Cuts the hidden parts out of recordings.

use std::{path::Path, process::Stdio, time::Duration};

use tokio::{process::Command, time::timeout};

/// How long cutting a video may take.
const CUTTING: Duration = Duration::from_secs(120);

/// Cuts parts out of a video, in place. If that fails, the video stays as it is.
pub(super) async fn cut(video: &Path, hidden: &[(Duration, Duration)]) -> Result<(), String> {
    if hidden.is_empty() {
        return Ok(());
    }
    let between = |(from, to): &(Duration, Duration)| {
        format!(
            "between(t,{:.3},{:.3})",
            from.as_secs_f64(),
            to.as_secs_f64()
        )
    };
    let parts: Vec<String> = hidden.iter().map(between).collect();
    let filter = format!("select='not({})',setpts=N/FRAME_RATE/TB", parts.join("+"));
    let coded = ["-c:v", "libx264", "-preset", "veryfast"];
    let written = ["-pix_fmt", "yuv420p", "-movflags", "+faststart"];
    filtered(video, &filter, coded.iter().chain(&written)).await
}

/// Removes the frames of some parts from frames that each have a time of their own; the other times
/// do not change. What the screen shows at the end of a part is kept.
pub(super) async fn cut_frames(
    frames: &Path,
    hidden: &[(Duration, Duration)],
) -> Result<(), String> {
    if hidden.is_empty() {
        return Ok(());
    }
    let times = times(frames).await?;
    let Some(filter) = without(&times, hidden) else {
        return Ok(());
    };
    let lossless = ["-c:v", "libx264rgb", "-preset", "ultrafast", "-qp", "0"];
    // As fine as the times of Matroska, or they would be rounded to frames.
    let exact = ["-fps_mode", "passthrough", "-enc_time_base", "1:1000"];
    filtered(frames, &filter, lossless.iter().chain(&exact)).await
}

/// The times of the frames of a video, in seconds.
async fn times(video: &Path) -> Result<Vec<f64>, String> {
    let running = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v:0"])
        .args(["-show_entries", "packet=pts_time", "-of", "csv=p=0"])
        .arg(video)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = timeout(CUTTING, running)
        .await
        .map_err(|_| "ffprobe took too long".to_owned())?
        .map_err(|error| format!("ffprobe cannot be started: {error}"))?;
    if !output.status.success() {
        return Err(last_words(&output.stderr, "ffprobe failed"));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut times: Vec<f64> = text
        .lines()
        .filter_map(|line| line.trim_end_matches(',').parse().ok())
        .collect();
    times.sort_by(f64::total_cmp);
    Ok(times)
}

/// The filter that takes frames out; `None` if there are none to take out. The last frame
/// of a part is what the screen shows after it, so it is shown from there on.
fn without(times: &[f64], hidden: &[(Duration, Duration)]) -> Option<String> {
    let mut dropped = Vec::new();
    let mut late = Vec::new();
    let mut count = 0;
    for (from, to) in hidden {
        let (from, to) = (from.as_secs_f64(), to.as_secs_f64());
        let first = times.partition_point(|time| *time < from);
        let end = times.partition_point(|time| *time < to);
        let Some(last) = end.checked_sub(1).filter(|last| *last >= first) else {
            continue;
        };
        if last > first {
            dropped.push(format!("between(n,{first},{})", last - 1));
        }
        count += last - first;
        late.push((last - count, to));
    }
    if late.is_empty() {
        return None;
    }
    let time = late
        .iter()
        .rev()
        .fold("PTS".to_owned(), |other, (frame, to)| {
            format!("if(eq(N,{frame}),{to:.3}/TB,{other})")
        });
    let kept = if dropped.is_empty() {
        String::new()
    } else {
        format!("select='not({})',", dropped.join("+"))
    };
    Some(format!("{kept}setpts='{time}'"))
}

/// Writes a video again through a filter, in its place.
async fn filtered<'a>(
    video: &Path,
    filter: &str,
    coded: impl Iterator<Item = &'a &'static str>,
) -> Result<(), String> {
    let ending = video.extension().unwrap_or_default().to_string_lossy();
    let part = video.with_extension(format!("part.{ending}"));
    let running = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-i"])
        .arg(video)
        .args(["-vf", filter])
        .args(coded)
        .arg(&part)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let result = match timeout(CUTTING, running).await {
        Err(_) => Err("ffmpeg took too long".to_owned()),
        Ok(Err(error)) => Err(format!("ffmpeg cannot be started: {error}")),
        Ok(Ok(output)) if !output.status.success() => {
            Err(last_words(&output.stderr, "ffmpeg failed"))
        }
        Ok(Ok(_)) => std::fs::rename(&part, video).map_err(|error| error.to_string()),
    };
    if result.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    result
}

fn last_words(words: &[u8], otherwise: &str) -> String {
    let words = String::from_utf8_lossy(words);
    words.lines().last().unwrap_or(otherwise).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(from: u64, to: u64) -> (Duration, Duration) {
        (Duration::from_millis(from), Duration::from_millis(to))
    }

    #[test]
    fn the_last_frame_of_a_hidden_part_is_shown_after_it() {
        let times = [0.0, 1.0, 2.0, 2.5, 3.0, 6.0, 7.0, 9.0];
        assert_eq!(
            without(&times, &[part(1500, 3500), part(6500, 8000)]).as_deref(),
            Some(
                "select='not(between(n,2,3))',\
                 setpts='if(eq(N,2),3.500/TB,if(eq(N,4),8.000/TB,PTS))'"
            )
        );
    }

    #[test]
    fn nothing_is_cut_where_nothing_was_drawn() {
        assert_eq!(without(&[0.0, 5.0], &[part(1000, 4000)]), None);
        assert_eq!(without(&[], &[part(0, 4000)]), None);
    }
}
