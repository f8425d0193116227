//! The real app in its real window, driven over WebDriver.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Mutex,
    time::{Duration, Instant},
};

use commands::Request;
use fantoccini::{
    Client, ClientBuilder, Locator,
    actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction},
    elements::Element,
    key::Key,
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The built app.
pub fn kontor() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    root().join(target).join("debug/kontor")
}

pub struct Stopped(pub Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Displays of this process that are in use: two windows at once need two.
static DISPLAYS: Mutex<[bool; 2]> = Mutex::new([false; 2]);

/// A display of this process.
struct Display(usize);

impl Display {
    fn take() -> Self {
        let mut used = DISPLAYS.lock().unwrap();
        let free = used.iter().position(|used| !used).expect("not so many windows at once");
        used[free] = true;
        Self(free)
    }

    fn number(&self) -> usize {
        100 + (std::process::id() as usize % 400) * 2 + self.0
    }

    fn name(&self) -> String {
        format!(":{}", self.number())
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        DISPLAYS.lock().unwrap()[self.0] = false;
    }
}

/// A running app.
pub struct Window {
    client: Client,
    _driver: Stopped,
    _xvfb: Stopped,
    // Free again once both have stopped.
    display: Display,
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A text with plain spaces: the driver has no others.
fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

/// What takes longest: the app starts with its web view.
const OPENING: &str = "the window";

/// Asks until there is an answer.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let begin = Instant::now();
    loop {
        // A driver that does not answer is asked again. A session that is being made is waited for:
        // a second one would be refused.
        let patience = if what == OPENING { 40 } else { 10 };
        let asked = tokio::time::timeout(Duration::from_secs(patience), ask()).await;
        if asked.is_err() {
            println!("the driver does not say anything about {what}");
        }
        if let Ok(Some(found)) = asked {
            return found;
        }
        assert!(begin.elapsed() < Duration::from_secs(120), "{what} did not come");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

impl Window {
    /// Starts the app on a data folder.
    pub async fn open(folder: &Path) -> Self {
        let display = Display::take();
        let xvfb = Command::new("Xvfb")
            .args([&display.name(), "-screen", "0", "1440x900x24", "-nolisten", "tcp"])
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb");
        let socket = PathBuf::from(format!("/tmp/.X11-unix/X{}", display.number()));
        until("the display", || async { socket.exists().then_some(()) }).await;
        let (port, native) = (free_port(), free_port());
        let driver = Command::new("tauri-driver")
            .args(["--port", &port.to_string(), "--native-port", &native.to_string()])
            .env("DISPLAY", display.name())
            .env("KONTOR_WORKSPACE", folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("tauri-driver");
        let driver = Stopped(driver);
        let capabilities =
            json!({ "tauri:options": { "application": kontor() }, "browserName": "wry" });
        let capabilities = capabilities.as_object().unwrap().clone();
        let address = format!("http://127.0.0.1:{port}");
        let client = until(OPENING, || {
            let (capabilities, address) = (capabilities.clone(), address.clone());
            async move {
                let mut builder = ClientBuilder::new(HttpConnector::new());
                builder.capabilities(capabilities).connect(&address).await.ok()
            }
        })
        .await;
        Self { client, _driver: driver, _xvfb: Stopped(xvfb), display }
    }

    /// Starts the app once more beside this window, over a data folder; how it ended.
    pub async fn start_again(&self, folder: &Path) -> std::process::ExitStatus {
        let mut again = Command::new(kontor())
            .env("DISPLAY", self.display.name())
            .env("KONTOR_WORKSPACE", folder)
            .spawn()
            .map(Stopped)
            .expect("kontor");
        let begin = Instant::now();
        loop {
            if let Some(ended) = again.0.try_wait().unwrap() {
                return ended;
            }
            assert!(begin.elapsed() < Duration::from_secs(40), "a second window stayed open");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits for an element.
    pub async fn find(&self, css: &str) -> Element {
        until(css, || async { self.client.find(Locator::Css(css)).await.ok() }).await
    }

    /// Waits for an element with this text in it.
    pub async fn with_text(&self, css: &str, text: &str) -> Element {
        until(&format!("{css} with {text}"), || async {
            for element in self.client.find_all(Locator::Css(css)).await.ok()? {
                if element.text().await.is_ok_and(|found| plain(&found).contains(&plain(text))) {
                    return Some(element);
                }
            }
            None
        })
        .await
    }

    /// Waits until every element there is has this text, and there is one.
    pub async fn all_with_text(&self, css: &str, text: &str) {
        until(&format!("nothing but {text} in {css}"), || async {
            let script =
                "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)";
            let found = self.client.execute(script, vec![json!(css)]).await.ok()?;
            let found: Vec<String> = serde_json::from_value(found).ok()?;
            (!found.is_empty() && found.iter().all(|one| one.contains(text))).then_some(())
        })
        .await;
    }

    /// Clicks what has this text.
    pub async fn click_text(&self, css: &str, text: &str) {
        until(&format!("a click on {text}"), || async {
            self.with_text(css, text).await.click().await.ok()
        })
        .await;
    }

    /// Clicks an element.
    pub async fn click(&self, css: &str) {
        until(&format!("a click on {css}"), || async { self.find(css).await.click().await.ok() })
            .await;
    }

    /// Types into a field.
    pub async fn type_into(&self, css: &str, text: &str) {
        self.find(css).await.send_keys(text).await.unwrap();
    }

    /// Puts a text in a field's place.
    pub async fn replace(&self, css: &str, text: &str) {
        let script = "const field = arguments[0]; const kind = Object.getPrototypeOf(field); \
                      Object.getOwnPropertyDescriptor(kind, 'value').set.call(field, arguments[1]); \
                      field.dispatchEvent(new Event('input', { bubbles: true }));";
        let field = serde_json::to_value(self.find(css).await).unwrap();
        self.client.execute(script, vec![field, json!(text)]).await.unwrap();
    }

    /// Chooses in a select.
    pub async fn choose(&self, css: &str, value: &str) {
        let script = "arguments[0].value = arguments[1]; \
                      arguments[0].dispatchEvent(new Event('change', { bubbles: true }));";
        let field = serde_json::to_value(self.find(css).await).unwrap();
        self.client.execute(script, vec![field, json!(value)]).await.unwrap();
    }

    /// Presses keys in a field.
    pub async fn press(&self, css: &str, keys: &[Key]) {
        let keys: String = keys.iter().map(|key| char::from(*key)).collect();
        self.find(css).await.send_keys(&keys).await.unwrap();
    }

    /// Drags with the mouse from one point of the window to another, by way of the middle.
    pub async fn drag(&self, from: (f64, f64), to: (f64, f64)) {
        let step = |(x, y): (f64, f64), millis: u64| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(millis)),
            x,
            y,
        };
        let middle = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
        let button = MOUSE_BUTTON_LEFT;
        let mouse = MouseActions::new("mouse".into())
            .then(step(from, 20))
            .then(PointerAction::Down { button })
            .then(step(middle, 60))
            .then(step(to, 60))
            .then(step(to, 20))
            .then(PointerAction::Up { button });
        self.client.perform_actions(mouse).await.unwrap();
    }

    /// The same, with a picture before it is let go.
    pub async fn drag_with_picture(&self, from: (f64, f64), to: (f64, f64), picture: &str) {
        let step = |(x, y): (f64, f64)| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(60)),
            x,
            y,
        };
        let button = MOUSE_BUTTON_LEFT;
        let middle = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
        let mouse = || MouseActions::new("mouse".into());
        let begin = mouse().then(step(from)).then(PointerAction::Down { button });
        self.client.perform_actions(begin.then(step(middle)).then(step(to))).await.unwrap();
        self.picture(picture).await;
        self.client.perform_actions(mouse().then(PointerAction::Up { button })).await.unwrap();
    }

    /// Presses a key of the page, wherever the focus is.
    pub async fn key(&self, key: &str, alt: bool) {
        let script = "(document.activeElement || document.body).dispatchEvent(new KeyboardEvent('keydown', \
                      { key: arguments[0], altKey: arguments[1], bubbles: true, cancelable: true }));";
        self.client.execute(script, vec![json!(key), json!(alt)]).await.unwrap();
    }

    /// Where an element is: left, top, width, height.
    pub async fn place(&self, css: &str) -> (f64, f64, f64, f64) {
        let script = "const box = arguments[0].getBoundingClientRect(); \
                      return [box.left, box.top, box.width, box.height];";
        let element = serde_json::to_value(self.find(css).await).unwrap();
        let place = self.client.execute(script, vec![element]).await.unwrap();
        serde_json::from_value(place).unwrap()
    }

    /// Runs a script in the page.
    pub async fn script(
        &self,
        script: &str,
        arguments: Vec<serde_json::Value>,
    ) -> serde_json::Value {
        self.client.execute(script, arguments).await.unwrap()
    }

    /// Asks the app through the window's own door.
    pub async fn ask<R: Request>(&self, request: R) -> Result<R::Reply, String> {
        let call = "return window.__TAURI__.core.invoke('call', { name: arguments[0], body: arguments[1] })\
                    .then((answer) => ({ answer }), (failure) => ({ failure }));";
        let body = serde_json::to_value(&request).unwrap();
        let mut said = self
            .client
            .execute(call, vec![json!(R::NAME), body])
            .await
            .map_err(|error| error.to_string())?;
        match said.get("failure") {
            Some(failure) => Err(failure.to_string()),
            None => Ok(serde_json::from_value(said["answer"].take()).unwrap()),
        }
    }

    /// The text of an element.
    pub async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap()
    }

    /// Waits until an element says this.
    pub async fn says(&self, css: &str, wanted: &str) {
        until(&format!("{css} saying {wanted}"), || async {
            let found = plain(&self.find(css).await.text().await.ok()?);
            if found != plain(wanted) {
                println!("{css} says {found}, not yet {wanted}");
            }
            (found == plain(wanted)).then_some(())
        })
        .await;
    }

    /// Waits until a script answers this.
    pub async fn answers(&self, script: &str, wanted: &serde_json::Value) {
        until(&format!("{wanted} from {script}"), || async {
            let found = self.client.execute(script, vec![]).await.ok()?;
            (found == *wanted).then_some(())
        })
        .await;
    }

    /// Waits until a field holds this.
    pub async fn holds(&self, css: &str, wanted: &str) {
        self.find(css).await;
        let script = format!("return document.querySelector({}).value", json!(css));
        self.answers(&script, &json!(wanted)).await;
    }

    /// Waits until an element has this in its content. What scrolls in a table is no text of it to
    /// the driver.
    pub async fn has(&self, css: &str, text: &str) {
        let script = format!(
            "return [...document.querySelectorAll({})].some(e => e.textContent.includes({}))",
            json!(css),
            json!(text)
        );
        self.answers(&script, &json!(true)).await;
    }

    /// Waits until there is no such element.
    pub async fn gone(&self, css: &str) {
        let script = format!("return document.querySelectorAll({}).length", json!(css));
        self.answers(&script, &json!(0)).await;
    }

    /// Makes the window this large.
    pub async fn size(&self, (width, height): (u32, u32)) {
        self.client.set_window_size(width, height).await.unwrap();
        self.answers("return [innerWidth, innerHeight]", &json!([width, height])).await;
    }

    /// From now on the dialog that asks for a file always gives this one: it is the system's.
    pub async fn chosen_file(&self, path: &Path) {
        let script = "window.kontorFile = arguments[0]; if (window.kontorChooses) return; \
                      window.kontorChooses = true; const core = window.__TAURI__.core; \
                      const real = core.invoke; window.__TAURI__ = { ...window.__TAURI__, core: { ...core, \
                      invoke: (name, body) => name === 'choose_file' ? Promise.resolve(window.kontorFile) \
                      : real(name, body) } };";
        self.script(script, vec![json!(path.display().to_string())]).await;
    }

    /// Keeps a picture of the window as build output: what is on the display, once two pictures
    /// in a row are alike.
    pub async fn picture(&self, name: &str) {
        let folder = root().join("target/pictures");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{name}.png"));
        let mut last = Vec::new();
        for _ in 0..20 {
            let taken = Command::new("import")
                .args(["-display", &self.display.name(), "-window", "root"])
                .arg(&path)
                .status();
            assert!(taken.unwrap().success());
            let picture = std::fs::read(&path).unwrap();
            if picture == last {
                return;
            }
            last = picture;
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    }

    /// Closes the app as a user does.
    pub async fn close(self) {
        let _ = self.client.clone().close().await;
    }
}

impl Drop for Window {
    /// What did not come can be looked for on a picture.
    fn drop(&mut self) {
        if std::thread::panicking() {
            let path = root().join("target/pictures/failed.png");
            let mut taken = Command::new("import");
            let taken =
                taken.args(["-display", &self.display.name(), "-window", "root"]).arg(&path);
            if taken.status().is_ok_and(|status| status.success()) {
                eprintln!("the window as it was then: {}", path.display());
            }
        }
    }
}
