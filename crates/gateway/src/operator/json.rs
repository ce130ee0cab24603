//! The API's shapes. The catalog's types may change; these may only grow.

use base64::{Engine, engine::general_purpose::STANDARD};
use catalog::PreviewState;
use model::{FileKind, SourceKind, SourceState, SourceStatus, TicketCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::looks::{DevelopmentPulse, LookState};

/// The studio that this window belongs to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Studio {
    pub version: String,
    pub rehearsal: bool,
    pub event: EventName,
    pub guest: Guest,
    /// Where originals lie.
    pub originals_dir: String,
}

/// The event that is on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventName {
    pub id: String,
    pub name: String,
}

/// Where guests find the gallery.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Guest {
    /// For posters and QR codes.
    pub join_url: String,
    pub addresses: Vec<Address>,
    #[schema(required = true)]
    pub mdns_url: Option<String>,
}

/// One way to the gallery.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Address {
    pub url: String,
    pub interface: String,
}

/// Which address guests are told.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ChooseJoin {
    /// One of `addresses`; null for the likeliest.
    #[schema(required = true)]
    pub url: Option<String>,
}

/// The strip's numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Pulse {
    pub at_ms: i64,
    pub sources: Vec<Source>,
    pub queue: Queue,
    /// Phones that listen now.
    pub phones: usize,
    pub first_preview: FirstPreview,
    pub disk: Disk,
    pub frames: i64,
    pub attention: i64,
    pub development: DevelopmentPulse,
}

/// A source of frames.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Source {
    pub id: String,
    pub kind: Kind,
    pub label: String,
    pub state: State,
    #[schema(required = true)]
    pub detail: Option<String>,
    pub bytes_per_s: u64,
    #[schema(required = true)]
    pub last_file: Option<String>,
    #[schema(required = true)]
    pub last_at_ms: Option<i64>,
}

/// What a source is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SourceKind)]
pub(crate) enum Kind {
    HotFolder,
    Card,
}

/// How a source is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SourceState)]
pub(crate) enum State {
    Watching,
    Gone,
    Importing,
    Done,
}

impl From<SourceStatus> for Source {
    fn from(source: SourceStatus) -> Self {
        Self {
            id: source.id,
            kind: match source.kind {
                SourceKind::HotFolder => Kind::HotFolder,
                SourceKind::Card => Kind::Card,
            },
            label: source.label,
            state: match source.state {
                SourceState::Watching => State::Watching,
                SourceState::Gone => State::Gone,
                SourceState::Importing => State::Importing,
                SourceState::Done => State::Done,
            },
            detail: source.detail,
            bytes_per_s: source.bytes_per_s,
            last_file: source.last_file,
            last_at_ms: source.last_at.map(|at| at.0),
        }
    }
}

/// Previews that wait.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Queue {
    pub depth: i64,
    #[schema(required = true)]
    pub oldest_age_ms: Option<i64>,
}

/// From the camera's last byte to the first phone, of the newest 200 frames.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FirstPreview {
    pub count: usize,
    #[schema(required = true)]
    pub median_ms: Option<i64>,
    #[schema(required = true)]
    pub p95_ms: Option<i64>,
}

/// Room on the originals' disk.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Disk {
    pub free_bytes: u64,
    #[schema(required = true)]
    pub frames_left: Option<u64>,
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FramesQuery {
    /// Only frames older than this `seq`.
    pub before: Option<i64>,
    /// At most so many; 200 unless told, 2,000 at most.
    pub limit: Option<u32>,
}

/// A part of the list, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FramePage {
    pub frames: Vec<Frame>,
    /// `before` of the next part; null at the end.
    #[schema(required = true)]
    pub next_before: Option<i64>,
    pub total: i64,
}

/// One press of the shutter.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Frame {
    pub id: String,
    /// Order of arrival.
    pub seq: i64,
    pub name: String,
    pub state: FrameState,
    pub preview: Preview,
    /// Why there is none; null unless `preview` is `failed`.
    #[schema(required = true)]
    pub preview_problem: Option<String>,
    #[schema(required = true)]
    pub width_px: Option<u32>,
    #[schema(required = true)]
    pub height_px: Option<u32>,
    /// Base64.
    #[schema(required = true)]
    pub thumbhash: Option<String>,
    /// Content key of the derivatives; null until they are ready.
    #[schema(required = true)]
    pub version: Option<String>,
    #[schema(required = true)]
    pub ticket: Option<String>,
    /// By the camera's own clock.
    #[schema(required = true)]
    pub captured_at: Option<String>,
    pub seen_at_ms: i64,
    pub kinds: Vec<OriginalKind>,
    /// Whether the picture that is shown was developed from the raw.
    pub developed: bool,
    pub look: LookState,
}

/// How far a frame's files are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FrameState {
    Arriving,
    Landed,
}

/// How far its preview is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Preview {
    Waiting,
    Ready,
    Failed,
}

/// What a file is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OriginalKind {
    Raw,
    Jpeg,
    Sidecar,
}

impl From<FileKind> for OriginalKind {
    fn from(kind: FileKind) -> Self {
        match kind {
            FileKind::Raw => Self::Raw,
            FileKind::Jpeg => Self::Jpeg,
            FileKind::Sidecar => Self::Sidecar,
        }
    }
}

impl From<&catalog::Frame> for Frame {
    fn from(frame: &catalog::Frame) -> Self {
        let ready = frame.preview == PreviewState::Ready;
        Self {
            id: frame.id.to_string(),
            seq: frame.seq,
            name: frame.name.clone(),
            state: match frame.state {
                catalog::FrameState::Arriving => FrameState::Arriving,
                catalog::FrameState::Landed => FrameState::Landed,
            },
            preview: match frame.preview {
                PreviewState::Waiting => Preview::Waiting,
                PreviewState::Ready => Preview::Ready,
                PreviewState::Failed(_) => Preview::Failed,
            },
            preview_problem: match &frame.preview {
                PreviewState::Failed(problem) => Some(problem.clone()),
                PreviewState::Waiting | PreviewState::Ready => None,
            },
            width_px: frame.width_px,
            height_px: frame.height_px,
            thumbhash: frame.thumbhash.as_ref().map(|hash| STANDARD.encode(hash)),
            version: frame.version.as_ref().filter(|_| ready).map(ToString::to_string),
            ticket: frame.ticket.map(|code| code.to_string()),
            captured_at: frame.facts.captured.as_ref().map(|at| at.local.clone()),
            seen_at_ms: frame.seen_at.0,
            kinds: frame.kinds.iter().map(|&kind| kind.into()).collect(),
            developed: frame.developed,
            look: frame.look.into(),
        }
    }
}

/// All tickets, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tickets {
    /// The one under which arriving frames are filed.
    #[schema(required = true)]
    pub current: Option<String>,
    pub tickets: Vec<Ticket>,
}

/// A guest's claim.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ticket {
    pub code: String,
    pub url: String,
    pub frames: i64,
    pub created_at_ms: i64,
}

/// Which ticket is to be the current one.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct SetCurrent {
    #[schema(required = true, value_type = Option<String>)]
    pub code: Option<TicketCode>,
}

/// Frames to file under a ticket, or under none.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Assign {
    /// 2,000 at most.
    #[schema(value_type = Vec<String>)]
    pub frames: Vec<model::FrameId>,
    #[schema(required = true, value_type = Option<String>)]
    pub ticket: Option<TicketCode>,
}

/// What was moved.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Assigned {
    pub changed: usize,
    /// Where each frame lay before: what undo needs.
    pub previous: Vec<Previous>,
}

/// Where a frame lay before.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Previous {
    pub frame: String,
    #[schema(required = true)]
    pub ticket: Option<String>,
}

/// Files that need a person, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttentionList {
    pub items: Vec<Attention>,
    pub total: i64,
}

/// One of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Attention {
    pub id: String,
    pub file_name: String,
    pub path: String,
    /// What happened.
    pub problem: String,
    /// What is safe.
    pub safe: String,
    /// What to do next.
    pub next: String,
    pub at_ms: i64,
    pub source: String,
}

impl From<catalog::Attention> for Attention {
    fn from(item: catalog::Attention) -> Self {
        Self {
            id: item.id.to_string(),
            file_name: item.source_path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned(),
            path: item.source_path,
            problem: item.problem,
            safe: item.safe,
            next: item.next,
            at_ms: item.at.0,
            source: item.source,
        }
    }
}

/// That the studio is up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    pub status: &'static str,
    /// What raws are developed on.
    pub device: String,
}

/// Event `frame_gone`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Gone {
    pub id: String,
}

/// Event `attention`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttentionTotal {
    pub total: i64,
}

/// Event `ticket`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CurrentTicket {
    #[schema(required = true)]
    pub current: Option<String>,
}
