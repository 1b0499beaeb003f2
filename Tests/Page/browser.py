"""A headless Chromium that knows the page's parts."""
import base64

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

SECONDS = 30


class Browser:
    def __init__(self, url, chromium, chromedriver):
        options = webdriver.ChromeOptions()
        options.binary_location = chromium or ""
        for flag in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(chromedriver))
        self.driver.set_script_timeout(60)
        self.url = url
        self.view(1280, 900, "light")

    def view(self, width, height, scheme):
        """A screen's size and colour scheme; motion is reduced, so that pictures are still."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def open(self, panel):
        self.open_address(f"{self.url}/#/{panel}")

    def open_address(self, address):
        """Loads the page anew and waits until the panel has shown its first result."""
        self.driver.get("about:blank")
        self.driver.get(address)
        self.wait_for(lambda: self.all(".workbench") and self.is_idle() and self.all("main dd"), f"a result at {address}")

    def is_idle(self):
        return not self.all(".workbench[data-busy]") and self.text(".status")

    @property
    def address(self):
        return self.driver.current_url

    def hole(self):
        """The hole in the address."""
        return self.run("return new URLSearchParams(location.hash.split('?')[1]).get('hole')")

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.one(selector).get_attribute("textContent").strip()

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait_for(self, condition, what):
        WebDriverWait(self.driver, SECONDS, poll_frequency=0.05).until(lambda _: condition(), f"waited for {what}")

    def fact(self, name):
        """The figure with this name, without its note."""
        return self.run("""
            const term = [...document.querySelectorAll('main dt')].find((one) => one.textContent === arguments[0]);
            return term?.nextElementSibling.firstChild.textContent ?? 'no such figure';""", name)

    def button(self, label):
        return next(one for one in self.all("main button") if one.get_attribute("textContent").strip() == label)

    def click_text(self, label):
        self.run("arguments[0].scrollIntoView({block: 'center'})", self.button(label))
        self.button(label).click()

    def press(self, label, wait=True):
        """Presses a button; waits for the end of what it started."""
        self.click_text(label)
        if wait:
            self.wait_for(self.is_idle, f"the end of “{label}”")

    def choose_tool(self, tool):
        self.run("arguments[0].click()", self.one(f".segmented input[value={tool}]"))

    def field(self, name):
        control = self.one(f".field[data-field={name}] [name={name}]")
        self.run("for (let d = arguments[0].closest('details'); d; d = d.parentElement.closest('details')) d.open = true", control)
        return control

    def set_field(self, name, value):
        control = self.field(name)
        self.run("arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change'))", control, value)

    def choose(self, name, value):
        Select(self.field(name)).select_by_value(value)

    def screenshot(self, path, width):
        """The whole page, not only what fits the screen."""
        height = self.run("return document.documentElement.scrollHeight")
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}})
        path.write_bytes(base64.b64decode(shot["data"]))

    def messages(self):
        """What the console said, but for refused requests that the tests ask for."""
        return [f"{one['level']} {one['message']}" for one in self.driver.get_log("browser")
                if "status of 422" not in one["message"]]
