//! Counters of both listeners, and the text that Prometheus reads (exposition format 0.0.4).

use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering},
};

use catalog::{DevelopmentQueue, Stage};

/// What a request was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    GuestPage,
    GuestImage,
    GuestLive,
    GuestSeen,
    GuestAsset,
    OperatorApi,
    OperatorPixels,
    OperatorLive,
    OperatorPage,
}

impl Route {
    const ALL: [Self; 9] = [
        Self::GuestPage,
        Self::GuestImage,
        Self::GuestLive,
        Self::GuestSeen,
        Self::GuestAsset,
        Self::OperatorApi,
        Self::OperatorPixels,
        Self::OperatorLive,
        Self::OperatorPage,
    ];

    fn labels(self) -> (&'static str, &'static str) {
        match self {
            Self::GuestPage => ("guest", "page"),
            Self::GuestImage => ("guest", "image"),
            Self::GuestLive => ("guest", "live"),
            Self::GuestSeen => ("guest", "seen"),
            Self::GuestAsset => ("guest", "asset"),
            Self::OperatorApi => ("operator", "api"),
            Self::OperatorPixels => ("operator", "pixels"),
            Self::OperatorLive => ("operator", "live"),
            Self::OperatorPage => ("operator", "page"),
        }
    }

    /// The class of a guest's path.
    pub(crate) fn of_guest(path: &str) -> Self {
        match path.split('/').nth(1) {
            Some("i") => Self::GuestImage,
            Some("live") => Self::GuestLive,
            Some("seen") => Self::GuestSeen,
            Some("a" | "favicon.ico" | "robots.txt") => Self::GuestAsset,
            _ => Self::GuestPage,
        }
    }

    /// The class of an operator's path.
    pub(crate) fn of_operator(path: &str) -> Self {
        let mut parts = path.split('/').skip(1);
        match (parts.next(), parts.next()) {
            (Some("api"), Some("pixels")) => Self::OperatorPixels,
            (Some("api"), Some("live")) => Self::OperatorLive,
            (Some("api" | "metrics" | "health"), _) => Self::OperatorApi,
            _ => Self::OperatorPage,
        }
    }
}

/// A rung, as the cache counts it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CacheRung {
    Thumb,
    Screen,
    Large,
}

impl CacheRung {
    const NAMES: [&'static str; 3] = ["thumb", "screen", "large"];
}

/// Buckets of what phones report, ms.
const PHONE_BUCKETS_MS: [u32; 10] = [10, 25, 50, 100, 200, 400, 800, 1600, 3200, 10_000];

/// Everything that is counted since the start.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    requests: [[AtomicU64; 5]; Route::ALL.len()],
    cache: [[AtomicU64; 2]; 3],
    phone: [AtomicU64; PHONE_BUCKETS_MS.len() + 1],
    phone_sum_ms: AtomicU64,
}

fn add(counter: Option<&AtomicU64>, n: u64) {
    if let Some(counter) = counter {
        counter.fetch_add(n, Ordering::Relaxed);
    }
}

impl Counters {
    pub(crate) fn request(&self, route: Route, status: u16) {
        let class = usize::from(status / 100).saturating_sub(1);
        add(self.requests.get(route as usize).and_then(|classes| classes.get(class)), 1);
    }

    pub(crate) fn cache(&self, rung: CacheRung, hit: bool) {
        add(self.cache.get(rung as usize).and_then(|both| both.get(usize::from(hit))), 1);
    }

    /// A phone took so long from the event to the decoded picture, by its own clock.
    pub(crate) fn phone(&self, took_ms: u32) {
        let bucket = PHONE_BUCKETS_MS.iter().position(|&most| took_ms <= most).unwrap_or(PHONE_BUCKETS_MS.len());
        add(self.phone.get(bucket), 1);
        add(Some(&self.phone_sum_ms), u64::from(took_ms));
    }

    /// Writes the counters down.
    pub(crate) fn write(&self, text: &mut String) {
        text.push_str("# TYPE boothlight_requests_total counter\n");
        for (route, classes) in Route::ALL.iter().zip(&self.requests) {
            let (listener, name) = route.labels();
            for (class, count) in classes.iter().enumerate() {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    let status = class + 1;
                    let _ = writeln!(
                        text,
                        "boothlight_requests_total{{listener=\"{listener}\",route=\"{name}\",status=\"{status}xx\"}} {count}"
                    );
                }
            }
        }
        text.push_str("# TYPE boothlight_cache_total counter\n");
        for (rung, both) in CacheRung::NAMES.iter().zip(&self.cache) {
            for (result, count) in ["miss", "hit"].iter().zip(both) {
                let count = count.load(Ordering::Relaxed);
                let _ = writeln!(text, "boothlight_cache_total{{rung=\"{rung}\",result=\"{result}\"}} {count}");
            }
        }
        self.write_phone(text);
    }

    fn write_phone(&self, text: &mut String) {
        text.push_str("# TYPE boothlight_phone_decode_seconds histogram\n");
        let mut sum = 0;
        for (at, count) in self.phone.iter().enumerate() {
            sum += count.load(Ordering::Relaxed);
            let most = PHONE_BUCKETS_MS.get(at).map_or("+Inf".to_owned(), |&ms| seconds(i64::from(ms)).to_string());
            let _ = writeln!(text, "boothlight_phone_decode_seconds_bucket{{le=\"{most}\"}} {sum}");
        }
        let total_s = self.phone_sum_ms.load(Ordering::Relaxed) as f64 / 1000.0;
        let _ = writeln!(
            text,
            "boothlight_phone_decode_seconds_sum {total_s}\nboothlight_phone_decode_seconds_count {sum}"
        );
    }
}

/// What is read anew for each answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gauges {
    pub frames: i64,
    pub attention: i64,
    pub queue_depth: i64,
    pub queue_oldest_ms: i64,
    pub phones: usize,
    pub disk_free_bytes: u64,
    pub developments: DevelopmentQueue,
}

/// Writes the gauges down.
pub(crate) fn write_gauges(text: &mut String, gauges: &Gauges) {
    let mut gauge = |name: &str, value: &dyn std::fmt::Display| {
        let _ = writeln!(text, "# TYPE boothlight_{name} gauge\nboothlight_{name} {value}");
    };
    gauge("frames_total", &gauges.frames);
    gauge("attention_items", &gauges.attention);
    gauge("queue_depth", &gauges.queue_depth);
    gauge("queue_oldest_seconds", &seconds(gauges.queue_oldest_ms));
    gauge("phones_connected", &gauges.phones);
    gauge("disk_free_bytes", &gauges.disk_free_bytes);
    gauge("developments_waiting", &(gauges.developments.waiting + gauges.developments.running));
    gauge("developments_failed", &gauges.developments.failed);
}

/// Writes down how long frames took from `complete` to each stage.
pub(crate) fn write_stages(text: &mut String, times: &[(Stage, i64)]) {
    text.push_str("# TYPE boothlight_stage_seconds summary\n");
    for stage in Stage::ALL {
        let mut took_ms: Vec<i64> = times.iter().filter(|(of, _)| *of == stage).map(|(_, ms)| *ms).collect();
        took_ms.sort_unstable();
        for quantile in [0.5, 0.9, 0.95, 0.99] {
            if let Some(ms) = quantile_of(&took_ms, quantile) {
                let s = seconds(ms);
                let _ = writeln!(text, "boothlight_stage_seconds{{stage=\"{stage}\",quantile=\"{quantile}\"}} {s}");
            }
        }
        let (sum, count) = (seconds(took_ms.iter().sum()), took_ms.len());
        let _ = writeln!(text, "boothlight_stage_seconds_sum{{stage=\"{stage}\"}} {sum}");
        let _ = writeln!(text, "boothlight_stage_seconds_count{{stage=\"{stage}\"}} {count}");
    }
}

/// The value that `quantile` of the sorted values do not exceed (nearest rank).
pub(crate) fn quantile_of(sorted: &[i64], quantile: f64) -> Option<i64> {
    let rank = (sorted.len() as f64 * quantile).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied()
}

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_occurred() {
        assert_eq!(quantile_of(&[], 0.5), None);
        assert_eq!(quantile_of(&[7], 0.95), Some(7));
        assert_eq!(quantile_of(&[1, 2, 3, 4], 0.5), Some(2));
        assert_eq!(quantile_of(&(1..=100).collect::<Vec<_>>(), 0.95), Some(95));
    }

    #[test]
    fn counts_show_by_route_and_bucket() {
        let counters = Counters::default();
        counters.request(Route::of_guest("/i/x/thumb.jpg"), 200);
        counters.request(Route::of_operator("/api/frames"), 404);
        counters.request(Route::GuestPage, 999);
        counters.cache(CacheRung::Thumb, true);
        counters.phone(90);
        let mut text = String::new();
        counters.write(&mut text);
        for line in [
            "boothlight_requests_total{listener=\"guest\",route=\"image\",status=\"2xx\"} 1",
            "boothlight_requests_total{listener=\"operator\",route=\"api\",status=\"4xx\"} 1",
            "boothlight_cache_total{rung=\"thumb\",result=\"hit\"} 1",
            "boothlight_phone_decode_seconds_bucket{le=\"0.1\"} 1",
            "boothlight_phone_decode_seconds_bucket{le=\"0.05\"} 0",
            "boothlight_phone_decode_seconds_count 1",
        ] {
            assert!(text.lines().any(|it| it == line), "{line}\nis not in\n{text}");
        }
    }
}
