//! A booth for the catalog's tests: a real SQLite file, made-up files.
#![allow(clippy::unwrap_used, dead_code, missing_docs)]

pub mod looks;

use catalog::{Catalog, Event, FrameQuery, Landing, MadeDerivative, MadePreview, NewArrival, Stage, Version};
use model::{
    CaptureFacts, CaptureTime, ContentHash, CreatorId, EventId, FileKind, FrameId, OriginalId, Rung, UnixMillis,
};
use sqlx::Connection as _;
use tempfile::TempDir;

pub const NOW: UnixMillis = UnixMillis(1_764_000_000_000);

pub struct Booth {
    pub catalog: Catalog,
    pub event: Event,
    pub creator: CreatorId,
    pub folder: TempDir,
    ids: std::cell::Cell<u8>,
}

impl Booth {
    pub async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let catalog = Catalog::open(&folder.path().join("catalog.sqlite"), NOW).await.unwrap();
        let event = catalog.event_named("Night Market", EventId::new(NOW, [1; 10]), NOW).await.unwrap();
        let creator = catalog.creator_named("Lena", CreatorId::new(NOW, [2; 10])).await.unwrap();
        Self { catalog, event, creator, folder, ids: std::cell::Cell::new(0) }
    }

    pub fn random(&self) -> [u8; 10] {
        self.ids.set(self.ids.get() + 1);
        [self.ids.get(); 10]
    }

    pub fn arrival(&self, name: &str, kind: FileKind, captured_ms: Option<i64>) -> NewArrival {
        let captured = captured_ms.map(|order_ms| CaptureTime { local: "t".into(), offset_minutes: None, order_ms });
        NewArrival {
            fresh: FrameId::new(NOW, self.random()),
            event: self.event.id,
            creator: self.creator,
            source_path: format!("/card/{name}"),
            source_folder: "/card".into(),
            stem: name.split('.').next().unwrap().into(),
            kind,
            bytes: 1000,
            facts: CaptureFacts { captured, ..CaptureFacts::default() },
            seen_at: NOW,
            complete_at: NOW,
            priority: 0,
            sure: false,
        }
    }

    pub fn landing(&self, arrival: &NewArrival, content: u8) -> Landing {
        Landing {
            fresh: OriginalId::new(NOW, self.random()),
            event: self.event.id,
            source_path: arrival.source_path.clone(),
            source_folder: arrival.source_folder.clone(),
            stem: arrival.stem.clone(),
            source_mtime_ns: 7,
            kind: arrival.kind,
            path: format!("Night Market/Lena{}", arrival.source_path),
            bytes: arrival.bytes,
            sha256: ContentHash([content; 32]),
            landed_at: UnixMillis(NOW.0 + 500),
        }
    }

    pub async fn all(&self) -> Vec<catalog::Frame> {
        let query = FrameQuery { event: self.event.id, ticket: None, ready_only: false, before: None, limit: 100 };
        self.catalog.frames(&query).await.unwrap()
    }
}

pub fn made(key: u8) -> MadePreview {
    MadePreview {
        version: Version::new([key; 16]),
        derivatives: vec![MadeDerivative { rung: Rung::Screen, bytes: 10, width_px: 1200, height_px: 800 }],
        thumbhash: Some(vec![1, 2, 3]),
        stages: vec![(Stage::Encoded, UnixMillis(NOW.0 + 90))],
    }
}

pub async fn alter(path: &std::path::Path, sql: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
