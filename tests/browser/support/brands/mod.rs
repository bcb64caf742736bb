//! The browsers that tests open. All of them speak WebDriver; each has a file that starts it.

mod chromium;
mod firefox;
mod marionette;
mod webkit;

use chromium::Chromedriver;
use tempfile::TempDir;
use thirtyfour::WebDriver;
use webkit::Screen;

use super::process::Process;
use super::taste::Taste;

/// A browser program of Debian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brand {
    Chromium,
    Firefox,
    WebKit,
}

impl Brand {
    /// The variable that leaves out the tests of this browser.
    pub fn waiver(self) -> &'static str {
        match self {
            Self::Chromium => "VESTIBULE_TEST_WITHOUT_BROWSER",
            Self::Firefox => "VESTIBULE_TEST_WITHOUT_FIREFOX",
            Self::WebKit => "VESTIBULE_TEST_WITHOUT_WEBKIT",
        }
    }
}

/// What the browsers of one test share.
pub enum Opener {
    Chromium(Chromedriver),
    Firefox,
    WebKit(Screen),
}

impl Opener {
    /// # Errors
    /// Says which program is missing.
    pub fn start(brand: Brand) -> Result<Self, String> {
        match brand {
            Brand::Chromium => Chromedriver::start().map(Self::Chromium),
            Brand::Firefox => firefox::installed().map(|()| Self::Firefox),
            Brand::WebKit => Screen::start().map(Self::WebKit),
        }
    }

    pub fn brand(&self) -> Brand {
        match self {
            Self::Chromium(_) => Brand::Chromium,
            Self::Firefox => Brand::Firefox,
            Self::WebKit(_) => Brand::WebKit,
        }
    }

    /// Opens a browser with a new profile.
    pub async fn open(&self, taste: Taste) -> Opened {
        match self {
            Self::Chromium(driver) => driver.open(taste).await,
            Self::Firefox => firefox::open(taste).await,
            Self::WebKit(screen) => screen.open(taste).await,
        }
    }
}

/// A browser that was just opened.
pub struct Opened {
    pub driver: WebDriver,
    pub belongings: Belongings,
}

/// What ends with a browser: its processes, then its profile.
pub struct Belongings {
    _process: Option<Process>,
    _profile: TempDir,
}

/// A host name that browsers resolve to this machine, and that is not `localhost`: what browsers do for
/// secure contexts alone, such as sending `Sec-Fetch-Site`, they leave out there.
pub const HOST: &str = "accounts.test";

fn opened(driver: WebDriver, process: Option<Process>, profile: TempDir) -> Opened {
    // Ending the process ends the session. Ending it when the driver is dropped would block the runtime.
    driver.clone().leak().unwrap();
    Opened { driver, belongings: Belongings { _process: process, _profile: profile } }
}
