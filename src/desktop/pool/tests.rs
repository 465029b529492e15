//! The pool over a host whose desktops take a second to start, in paused time.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, Ordering},
};

use tokio::time::sleep;

use super::*;
use crate::{desktop::MemoryDesktop, geometry::Size};

const START: Duration = Duration::from_secs(1);

/// Long enough for everything that goes on by itself to be done.
const A_WHILE: Duration = Duration::from_secs(10);

/// Opens numbered desktops, and knows which there are.
#[derive(Default)]
struct Yard {
    begun: Mutex<Vec<u32>>,
    /// Those that are open or being opened.
    there: Arc<Mutex<BTreeSet<u32>>>,
    /// How many it has room for; any number, unless given.
    room: Option<usize>,
    /// The same, said beforehand.
    most: Option<usize>,
    /// The numbers of those whose start fails, and of those that panic.
    failing: Vec<u32>,
    panicking: Vec<u32>,
    /// Those of which a process ends as soon as they are open.
    dying: Vec<u32>,
    is_finished: AtomicBool,
}

struct Numbered {
    desktop: MemoryDesktop,
    there: There,
}

/// Is there until it is dropped.
struct There(u32, Arc<Mutex<BTreeSet<u32>>>);

impl Drop for There {
    fn drop(&mut self) {
        self.1.lock().unwrap().remove(&self.0);
    }
}

#[async_trait]
impl Host for Yard {
    fn kind(&self) -> &'static str {
        "yard"
    }

    async fn offers(&self) -> Result<Extensions, HostError> {
        Ok(Extensions::all())
    }

    fn most(&self) -> Option<usize> {
        self.most
    }

    async fn open(&self, wanted: &Wanted) -> Result<Box<dyn Session>, HostError> {
        let full = |room| self.there.lock().unwrap().len() >= room;
        if self.room.is_some_and(full) {
            return Err(HostError {
                message: "there is no room".to_owned(),
                full: true,
                ..HostError::default()
            });
        }
        let number = {
            let mut begun = self.begun.lock().unwrap();
            begun.push(wanted.size.width);
            u32::try_from(begun.len()).unwrap()
        };
        self.there.lock().unwrap().insert(number);
        let there = There(number, Arc::clone(&self.there));
        sleep(START).await;
        assert!(!self.panicking.contains(&number), "it was told to panic");
        if self.failing.contains(&number) {
            return Err(HostError {
                message: format!("start {number} failed"),
                ..HostError::default()
            });
        }
        let mut desktop = MemoryDesktop::new(wanted.size);
        if self.dying.contains(&number) {
            desktop = desktop.without_after(Duration::ZERO, "x11vnc");
        }
        Ok(Box::new(Numbered { desktop, there }))
    }

    async fn finish(&self) {
        self.is_finished.store(true, Ordering::Relaxed);
    }
}

#[async_trait]
impl Session for Numbered {
    fn desktop(&self) -> &dyn Desktop {
        &self.desktop
    }

    fn whereabouts(&self) -> Whereabouts {
        Whereabouts {
            sandbox: Some(self.there.0.to_string()),
            viewer: None,
        }
    }

    async fn close(self: Box<Self>) {
        sleep(Duration::from_millis(100)).await;
    }
}

impl Yard {
    /// A pool of it, and itself.
    fn pool(self, ahead: usize) -> (Pool, Arc<Self>) {
        let yard = Arc::new(self);
        (Pool::new(Arc::clone(&yard) as Arc<dyn Host>, ahead), yard)
    }

    /// The widths of what was begun, in order.
    fn begun(&self) -> Vec<u32> {
        self.begun.lock().unwrap().clone()
    }

    /// The numbers of the desktops that are open or being opened.
    fn there(&self) -> Vec<u32> {
        self.there.lock().unwrap().iter().copied().collect()
    }
}

fn wide(width: u32) -> Wanted {
    Wanted::new(Size::new(width, 600))
}

fn all(widths: &[u32]) -> Vec<Wanted> {
    widths.iter().copied().map(wide).collect()
}

/// The number of an open desktop.
fn number(session: &dyn Session) -> String {
    session.whereabouts().sandbox.unwrap()
}

/// Opens a desktop; returns it with the time that this took.
async fn timed(pool: &Pool, wanted: &Wanted) -> (Box<dyn Session>, Duration) {
    let begun = Instant::now();
    let session = pool.open(wanted).await.unwrap();
    (session, begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_desktop_that_was_expected_is_handed_over_at_once() {
    let (pool, yard) = Yard::default().pool(1);
    pool.expect(&all(&[800]));
    sleep(A_WHILE).await;
    let (session, took) = timed(&pool, &wide(800)).await;
    assert_eq!(took, Duration::ZERO);
    assert_eq!(session.desktop().screen().await.unwrap().width, 800);
    session.close().await;
    assert_eq!(yard.begun(), [800]);
    assert!(yard.there().is_empty());
}

#[tokio::test(start_paused = true)]
async fn one_that_is_being_opened_is_waited_for_and_no_other_is_begun() {
    let (pool, yard) = Yard::default().pool(1);
    pool.expect(&all(&[800]));
    sleep(START * 3 / 4).await;
    let (_session, took) = timed(&pool, &wide(800)).await;
    assert_eq!(took, START / 4);
    assert_eq!(yard.begun(), [800]);
}

#[tokio::test(start_paused = true)]
async fn one_that_nobody_expected_is_opened_when_it_is_wanted() {
    let (pool, yard) = Yard::default().pool(1);
    pool.expect(&all(&[800]));
    sleep(A_WHILE).await;
    let (_other, took) = timed(&pool, &wide(1024)).await;
    assert_eq!(took, START);
    assert_eq!(timed(&pool, &wide(800)).await.1, Duration::ZERO);
    assert_eq!(yard.begun(), [800, 1024]);
}

#[tokio::test(start_paused = true)]
async fn the_next_are_warmed_in_their_order_and_no_more_than_it_may() {
    let (pool, yard) = Yard::default().pool(2);
    pool.expect(&all(&[700, 800, 900, 1000]));
    sleep(A_WHILE).await;
    assert_eq!(yard.begun(), [700, 800]);
    let _first = pool.open(&wide(700)).await.unwrap();
    sleep(A_WHILE).await;
    assert_eq!(yard.begun(), [700, 800, 900]);
    // It makes no difference that another one is played first.
    let _third = pool.open(&wide(900)).await.unwrap();
    sleep(A_WHILE).await;
    assert_eq!(yard.begun(), [700, 800, 900, 1000]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_warmed_beside_a_start_that_somebody_waits_for() {
    let (pool, yard) = Yard::default().pool(1);
    let opening = tokio::spawn(async move { (pool.open(&wide(700)).await.map(drop), pool) });
    sleep(START / 2).await;
    assert_eq!(yard.begun(), [700]);
    let (opened, pool) = opening.await.unwrap();
    opened.unwrap();
    pool.expect(&all(&[800]));
    tokio::task::yield_now().await;
    assert_eq!(yard.begun(), [700, 800]);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_longer_expected_is_closed_whether_it_is_ready_or_not() {
    let (pool, yard) = Yard::default().pool(2);
    pool.expect(&all(&[700, 800]));
    sleep(A_WHILE).await;
    pool.expect(&all(&[800, 900]));
    sleep(START / 2).await;
    assert_eq!(
        (yard.begun(), yard.there()),
        (vec![700, 800, 900], vec![2, 3])
    );
    pool.expect(&[]);
    sleep(START / 4).await;
    assert!(
        yard.there().is_empty(),
        "the start of 900 has been ended too"
    );
}

#[tokio::test(start_paused = true)]
async fn one_that_broke_while_it_waited_is_replaced() {
    let dying = vec![1];
    let (pool, yard) = Yard {
        dying,
        ..Yard::default()
    }
    .pool(1);
    pool.expect(&all(&[800]));
    sleep(A_WHILE).await;
    let (session, took) = timed(&pool, &wide(800)).await;
    assert_eq!((number(&*session), took), ("2".to_owned(), START));
    sleep(A_WHILE).await;
    assert_eq!(yard.there(), [2], "the broken one is closed");
}

#[tokio::test(start_paused = true)]
async fn a_start_that_failed_is_told_once_to_who_would_have_got_it() {
    let failing = vec![1];
    let (pool, yard) = Yard {
        failing,
        ..Yard::default()
    }
    .pool(1);
    pool.expect(&all(&[800, 800]));
    sleep(A_WHILE).await;
    assert_eq!(yard.begun(), [800], "it is not tried again by itself");
    let error = pool.open(&wide(800)).await.err().unwrap();
    assert_eq!(error.message, "start 1 failed");
    assert_eq!(number(&*pool.open(&wide(800)).await.unwrap()), "2");
}

#[tokio::test(start_paused = true)]
async fn a_start_that_panics_leaves_nobody_waiting() {
    let panicking = vec![1];
    let (pool, _) = Yard {
        panicking,
        ..Yard::default()
    }
    .pool(1);
    let error = pool.open(&wide(800)).await.err().unwrap();
    assert!(error.message.contains("its start was aborted"), "{error}");
    pool.finish().await;
}

#[tokio::test(start_paused = true)]
async fn the_end_closes_what_waits_and_what_is_still_starting() {
    let (pool, yard) = Yard::default().pool(2);
    pool.expect(&all(&[700]));
    sleep(A_WHILE).await;
    pool.expect(&all(&[700, 800]));
    sleep(START / 2).await;
    assert_eq!(yard.there(), [1, 2]);
    let begun = Instant::now();
    pool.finish().await;
    assert!(begun.elapsed() < START / 2, "no start is waited for");
    assert!(yard.there().is_empty() && yard.is_finished.load(Ordering::Relaxed));
    let error = pool.open(&wide(700)).await.err().unwrap();
    assert!(error.message.contains("the run is over"), "{error}");
    pool.expect(&all(&[700]));
    sleep(A_WHILE).await;
    assert_eq!(yard.begun(), [700, 800]);
}

#[tokio::test(start_paused = true)]
async fn the_end_lets_nobody_wait() {
    let (pool, yard) = Yard::default().pool(1);
    let pool = Arc::new(pool);
    let same = Arc::clone(&pool);
    let waiting = tokio::spawn(async move { same.open(&wide(800)).await.err() });
    sleep(START / 2).await;
    pool.finish().await;
    let error = waiting.await.unwrap().unwrap();
    assert!(error.message.contains("the run is over"), "{error}");
    assert!(yard.there().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_pool_that_is_dropped_leaves_nothing_but_what_it_has_lent() {
    let (pool, yard) = Yard::default().pool(2);
    pool.expect(&all(&[700, 800, 900]));
    sleep(A_WHILE).await;
    let lent = pool.open(&wide(700)).await.unwrap();
    sleep(START / 2).await;
    assert_eq!(yard.there(), [1, 2, 3]);
    drop(pool);
    sleep(START / 4).await;
    assert_eq!(yard.there(), [1]);
    lent.close().await;
    assert!(yard.there().is_empty());
}

#[tokio::test(start_paused = true)]
async fn who_stops_waiting_leaves_the_desktop_to_the_next_or_to_nobody() {
    let (pool, yard) = Yard::default().pool(1);
    pool.expect(&all(&[800, 800]));
    assert!(timeout(START / 2, pool.open(&wide(800))).await.is_err());
    let (next, took) = timed(&pool, &wide(800)).await;
    assert_eq!((number(&*next), took), ("1".to_owned(), START / 2));
    next.close().await;
    assert!(timeout(START / 2, pool.open(&wide(800))).await.is_err());
    sleep(A_WHILE).await;
    assert!(yard.there().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_host_that_is_full_is_asked_again_once_a_desktop_is_closed() {
    let room = Some(1);
    let (pool, yard) = Yard {
        room,
        ..Yard::default()
    }
    .pool(1);
    pool.expect(&all(&[700, 800]));
    let first = pool.open(&wide(700)).await.unwrap();
    // What is warmed in vain is not told to anybody.
    sleep(Duration::from_secs(900)).await;
    let begun = Instant::now();
    let closing = async {
        sleep(START * 4).await;
        first.close().await;
    };
    let wanted = wide(800);
    let (second, ()) = tokio::join!(pool.open(&wanted), closing);
    assert_eq!(number(&*second.unwrap()), "2");
    let took = begun.elapsed();
    assert!(
        took < START * 6,
        "{took:?}: not only when it is asked again anyway"
    );
    assert_eq!(yard.begun(), [700, 800]);
}

#[tokio::test(start_paused = true)]
async fn a_desktop_that_nobody_waits_for_makes_room_for_one_that_is_wanted() {
    for yard in [
        Yard {
            room: Some(1),
            ..Yard::default()
        },
        Yard {
            most: Some(1),
            ..Yard::default()
        },
    ] {
        let (pool, yard) = yard.pool(1);
        pool.expect(&all(&[700]));
        sleep(A_WHILE).await;
        let other = pool.open(&wide(800)).await.unwrap();
        assert_eq!(yard.there(), [2]);
        other.close().await;
        assert_eq!(number(&*pool.open(&wide(700)).await.unwrap()), "3");
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_that_others_have_filled_is_asked_for_five_minutes() {
    let room = Some(0);
    let (pool, _) = Yard {
        room,
        ..Yard::default()
    }
    .pool(1);
    let begun = Instant::now();
    let error = pool.open(&wide(800)).await.err().unwrap();
    assert_eq!(begun.elapsed(), PATIENCE);
    assert_eq!(error.message, "there is no room");
    let detail = error.detail.unwrap();
    assert!(detail.contains("asked again for 300 s"), "{detail}");
}

#[tokio::test(start_paused = true)]
async fn the_only_desktop_of_a_host_is_not_prepared_while_somebody_has_it() {
    let most = Some(1);
    let (pool, yard) = Yard {
        most,
        ..Yard::default()
    }
    .pool(2);
    assert_eq!(pool.most(), Some(1));
    pool.expect(&all(&[700, 800]));
    let first = pool.open(&wide(700)).await.unwrap();
    sleep(A_WHILE).await;
    assert_eq!(yard.begun(), [700]);
    first.close().await;
    sleep(A_WHILE).await;
    assert_eq!(timed(&pool, &wide(800)).await.1, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn only_a_desktop_that_may_be_used_again_is_and_only_if_it_is_given_back() {
    let again = |width| Wanted {
        reuse: true,
        ..wide(width)
    };
    let (pool, yard) = Yard::default().pool(1);
    pool.expect(&[again(800), again(800), again(800), wide(800), again(800)]);
    let first = pool.open(&again(800)).await.unwrap();
    sleep(A_WHILE).await;
    assert_eq!(yard.begun(), [800, 800], "one is expected to come back");
    first.give_back().await;
    let second = pool.open(&again(800)).await.unwrap();
    assert_eq!(number(&*second), "1");
    // This one failed: nobody gets its desktop.
    second.close().await;
    let third = pool.open(&again(800)).await.unwrap();
    assert_ne!(number(&*third), "1");
    third.give_back().await;
    let fresh = pool.open(&wide(800)).await.unwrap();
    assert_ne!(number(&*fresh), "1");
    fresh.give_back().await;
    let last = pool.open(&again(800)).await.unwrap();
    last.give_back().await;
    sleep(A_WHILE).await;
    assert!(
        yard.there().is_empty(),
        "nobody expects another: {:?}",
        yard.there()
    );
}
