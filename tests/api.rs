//! The operator's API, asked as the window does.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::studio::Ready;

/// Longest wait for one answer; a loaded machine is slow, a hanging studio is a fault.
const ANSWER_MAX: Duration = Duration::from_secs(20);
/// Frames asked for at once: small, so that every list of a test has several parts.
const PAGE: usize = 40;

/// One frame of the list.
#[derive(Clone, Debug, Deserialize)]
pub struct Frame {
    /// Its id.
    pub id: String,
    /// Its readable name.
    pub name: String,
    /// `arriving` or `landed`.
    pub state: String,
    /// `waiting`, `ready` or `failed`.
    pub preview: String,
    /// Why there is none.
    pub preview_problem: Option<String>,
    /// What its files are, on their way or landed.
    pub kinds: Vec<String>,
    /// Whether what is shown was developed.
    pub developed: bool,
    /// `embedded`, `waiting`, `developed` or `failed`.
    pub look: String,
}

/// One landed file of a frame.
#[derive(Clone, Debug, Deserialize)]
pub struct Original {
    /// Below the originals folder.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its content.
    pub sha256: String,
    /// What it is.
    pub kind: String,
}

/// The operator's door, with the key.
#[derive(Clone, Debug)]
pub struct Api {
    client: reqwest::Client,
    operator: String,
    secret: String,
}

impl Api {
    pub(crate) fn new(ready: &Ready) -> Self {
        let client = reqwest::Client::builder().timeout(ANSWER_MAX).no_proxy().build().unwrap();
        Self { client, operator: ready.operator.clone(), secret: ready.secret.clone() }
    }

    /// Asks for a path below the operator's address; anything but success ends the test.
    pub async fn text(&self, path: &str) -> String {
        let url = format!("{}{path}", self.operator);
        let answer = self.client.get(&url).bearer_auth(&self.secret).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "GET {path}: {status} {text}");
        text
    }

    /// The same as JSON.
    pub async fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(path).await).unwrap()
    }

    /// Sends JSON; the status of the answer.
    pub async fn post(&self, path: &str, body: &Value) -> u16 {
        let url = format!("{}{path}", self.operator);
        let answer = self.client.post(&url).bearer_auth(&self.secret).json(body).send().await.unwrap();
        answer.status().as_u16()
    }

    /// Changes something with JSON; the status of the answer.
    pub async fn put(&self, path: &str, body: &Value) -> u16 {
        let url = format!("{}{path}", self.operator);
        let answer = self.client.put(&url).bearer_auth(&self.secret).json(body).send().await.unwrap();
        answer.status().as_u16()
    }

    /// Sends JSON and gives what comes back; anything but success ends the test.
    pub async fn bytes(&self, path: &str, body: &Value) -> Vec<u8> {
        let url = format!("{}{path}", self.operator);
        let answer = self.client.post(&url).bearer_auth(&self.secret).json(body).send().await.unwrap();
        let (status, bytes) = (answer.status(), answer.bytes().await.unwrap());
        assert!(status.is_success(), "POST {path}: {status} {}", String::from_utf8_lossy(&bytes));
        bytes.into()
    }

    /// All frames, newest first, as the window loads them: part by part.
    pub async fn frames(&self) -> Vec<Frame> {
        let mut frames: Vec<Frame> = Vec::new();
        let mut before = String::new();
        loop {
            let page = self.json(&format!("api/frames?limit={PAGE}{before}")).await;
            frames.extend(Vec::<Frame>::deserialize(&page["frames"]).unwrap());
            match page["next_before"].as_i64() {
                Some(seq) => before = format!("&before={seq}"),
                None => return frames,
            }
        }
    }

    /// The landed files of a frame.
    pub async fn originals(&self, frame: &Frame) -> Vec<Original> {
        let detail = self.json(&format!("api/frames/{}", frame.id)).await;
        Deserialize::deserialize(&detail["originals"]).unwrap()
    }

    /// How many frames have their preview.
    pub async fn ready_count(&self) -> usize {
        self.frames().await.iter().filter(|frame| frame.preview == "ready").count()
    }

    /// What the attention list says, one line an item.
    pub async fn attention(&self) -> Vec<String> {
        let list = self.json("api/attention").await;
        let items = list["items"].as_array().unwrap();
        items.iter().map(|item| format!("{}: {}", item["path"], item["problem"])).collect()
    }
}
