//! How an event's raws are developed: the flow, the device, the event's look; and how far the queue is.

use std::str::FromStr;

use model::{EventId, UnixMillis};

use crate::{
    Catalog, CatalogError,
    look::{self, Scope},
    recipe::{StoredRecipe, keep, stored},
};

/// What guests see, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    /// The camera's own picture at once; the developed one takes its place.
    #[default]
    EmbeddedThenDeveloped,
    /// The camera's own picture alone.
    EmbeddedOnly,
    /// Nothing until it is developed. What cannot be developed is shown as the camera made it.
    DevelopedOnly,
}

impl Flow {
    /// All.
    pub const ALL: [Self; 3] = [Self::EmbeddedThenDeveloped, Self::EmbeddedOnly, Self::DevelopedOnly];

    /// The flow's name in the catalog and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::EmbeddedThenDeveloped => "embedded_then_developed",
            Self::EmbeddedOnly => "embedded_only",
            Self::DevelopedOnly => "developed_only",
        }
    }
}

impl FromStr for Flow {
    type Err = CatalogError;

    fn from_str(text: &str) -> Result<Self, CatalogError> {
        Self::ALL.into_iter().find(|flow| flow.name() == text).ok_or_else(|| CatalogError::corrupt(text))
    }
}

/// What the operator wants raws to be developed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeviceChoice {
    /// Whatever a short trial showed to be the quicker one.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// The graphics card.
    Gpu,
}

impl DeviceChoice {
    /// All.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Cpu, Self::Gpu];

    /// The choice's name in the catalog and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
        }
    }
}

impl FromStr for DeviceChoice {
    type Err = CatalogError;

    fn from_str(text: &str) -> Result<Self, CatalogError> {
        Self::ALL.into_iter().find(|choice| choice.name() == text).ok_or_else(|| CatalogError::corrupt(text))
    }
}

/// An event's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Development {
    /// What guests see, and when.
    pub flow: Flow,
    /// What it runs on.
    pub device: DeviceChoice,
    /// The look of every frame that has none of its own, nor from its creator. Without one nothing is developed.
    pub recipe: Option<StoredRecipe>,
}

/// Developments of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DevelopmentQueue {
    /// Frames that wait for theirs.
    pub waiting: i64,
    /// Frames that are being developed.
    pub running: i64,
    /// Frames whose last try failed, so that another picture is shown than was wanted.
    pub failed: i64,
}

impl Catalog {
    /// The event's settings.
    pub async fn development(&self, event: EventId) -> Result<Development, CatalogError> {
        let event = event.as_bytes().as_slice();
        let row = sqlx::query!(
            r#"SELECT e.flow, e.device, r.hash AS "hash?", r.json AS "json?"
               FROM event e LEFT JOIN recipe r ON r.hash = e.recipe WHERE e.id = ?"#,
            event
        )
        .fetch_optional(&self.readers)
        .await?
        .ok_or(CatalogError::Missing("event of that id"))?;
        Ok(Development {
            flow: row.flow.parse()?,
            device: row.device.parse()?,
            recipe: row.hash.zip(row.json).map(|(hash, json)| stored(&hash, json)).transpose()?,
        })
    }

    /// Gives the event that look unless it has one. An event keeps the look that it began with, whatever later versions
    /// of the program think of as the usual one.
    pub async fn begin_development(&self, event: EventId, usual: &StoredRecipe) -> Result<(), CatalogError> {
        let mut tx = self.begin().await?;
        let (event, hash) = (event.as_bytes().as_slice(), keep(&mut tx, usual).await?);
        sqlx::query!("UPDATE event SET recipe = ? WHERE id = ? AND recipe IS NULL", hash, event)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Changes the event's look. Frames that are shown with another one are developed anew, newest first; returns how many.
    pub async fn set_event_look(
        &self,
        event: EventId,
        recipe: &StoredRecipe,
        now: UnixMillis,
    ) -> Result<usize, CatalogError> {
        let mut tx = self.begin().await?;
        let (id, hash) = (event.as_bytes().as_slice(), keep(&mut tx, recipe).await?);
        sqlx::query!("UPDATE event SET recipe = ? WHERE id = ?", hash, id).execute(&mut *tx).await?;
        let queued = look::requeue(&mut tx, event, &Scope::Event, now).await?;
        tx.commit().await?;
        Ok(self.tell_queued(queued))
    }

    /// Changes what guests see, and when. What is shown stays until something better is there.
    pub async fn set_flow(&self, event: EventId, flow: Flow, now: UnixMillis) -> Result<(), CatalogError> {
        let mut tx = self.begin().await?;
        let (id, name) = (event.as_bytes().as_slice(), flow.name());
        sqlx::query!("UPDATE event SET flow = ? WHERE id = ?", name, id).execute(&mut *tx).await?;
        let queued = match flow {
            Flow::EmbeddedOnly => {
                look::stop_developing(&mut tx, event).await?;
                Vec::new()
            }
            Flow::EmbeddedThenDeveloped => {
                look::show_first(&mut tx, event).await?;
                look::requeue(&mut tx, event, &Scope::Event, now).await?
            }
            Flow::DevelopedOnly => {
                look::develop_first(&mut tx, event).await?;
                look::requeue(&mut tx, event, &Scope::Event, now).await?
            }
        };
        tx.commit().await?;
        self.tell_queued(queued);
        Ok(())
    }

    /// Remembers what developments are to run on.
    pub async fn set_device(&self, event: EventId, choice: DeviceChoice) -> Result<(), CatalogError> {
        let (event, name) = (event.as_bytes().as_slice(), choice.name());
        sqlx::query!("UPDATE event SET device = ? WHERE id = ?", name, event).execute(&self.writer).await?;
        Ok(())
    }

    /// How far developments are.
    pub async fn development_queue(&self, event: EventId) -> Result<DevelopmentQueue, CatalogError> {
        let event = event.as_bytes().as_slice();
        let row = sqlx::query!(
            r#"SELECT count(*) FILTER (WHERE NOT j.running) AS "waiting!: i64", count(*) FILTER (WHERE j.running) AS "running!: i64"
               FROM job j JOIN frame f ON f.seq = j.frame WHERE j.part = 'developed' AND f.event = ?"#,
            event
        )
        .fetch_one(&self.readers)
        .await?;
        let failed = sqlx::query_scalar!(
            r#"SELECT count(*) AS "n!: i64" FROM development d JOIN look_view l ON l.seq = d.frame
               WHERE l.event = ? AND d.outcome = 'failed' AND d.tried = l.recipe AND d.tried IS NOT d.recipe"#,
            event
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(DevelopmentQueue { waiting: row.waiting, running: row.running, failed })
    }
}
