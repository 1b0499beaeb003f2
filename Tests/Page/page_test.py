#!/usr/bin/env python3
"""Tests the page of a running server in headless Chromium.

    pip install selenium axe-core-python
    Tests/Page/page_test.py http://localhost:8080 --screenshots FOLDER

Prints one line for each check; the exit status is 1 if any failed. Needs chromium and chromedriver.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import traceback
import urllib.request

from axe_core_python.selenium import Axe
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from browser import Browser

PANELS = ["inpainting", "photographs", "model", "walk", "ruin", "probability", "gradients", "evidence", "projection", "maximization", "convolution"]
VIEWS = [(width, height, scheme) for width, height in [(360, 780), (1280, 900)] for scheme in ["light", "dark"]]
failures = 0


def check(name, passed, detail=""):
    global failures
    failures += not passed
    print(f"{'ok  ' if passed else 'FAIL'} {name}{'' if passed or not detail else f': {detail}'}", flush=True)


def number(text):
    """A number as the page writes it: 2.4 · 10⁻⁶, −1,234.5."""
    mantissa, _, power = text.replace("−", "-").replace(",", "").partition(" · 10")
    digits = power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
    return float(mantissa.split()[0]) * 10 ** int(digits or 0)


def check_headers(browser):
    request = urllib.request.Request(browser.url + "/", headers={"Accept": "text/html"})
    with urllib.request.urlopen(request) as reply:
        policy, body = reply.headers.get("Content-Security-Policy", ""), reply.read().decode()
    check("the policy allows no inline code", "default-src 'self'" in policy and "unsafe-inline" not in policy, policy)
    check("the page names no outside address", "http://" not in body and "https://" not in body)


def check_inpainting(browser):
    browser.open("inpainting")
    before = browser.fact("Log-likelihood")
    check("the example is filled at once", number(before) > 1000, before)
    check("the curl line is a pipeline", browser.text(".command code").startswith("curl 'http"))

    browser.click_text("Clear")
    browser.choose_tool("draw")
    canvas = browser.one("canvas.editor")
    size = canvas.size["width"]
    stroke = ActionChains(browser.driver).move_to_element_with_offset(canvas, -0.2 * size, -0.25 * size).click_and_hold()
    for x, y in [(0.2, -0.25), (0.0, 0.3)]:
        stroke = stroke.move_to_element_with_offset(canvas, x * size, y * size)
    stroke.release().perform()
    inked = browser.run("return [...document.querySelector('canvas.editor').getContext('2d').getImageData(0, 0, 448, 448).data].filter((v, i) => i % 4 == 0 && v > 200).length")
    check("a stroke leaves ink", inked > 2000, inked)

    browser.choose_tool("hole")
    ActionChains(browser.driver).move_to_element_with_offset(canvas, 0, 0).click_and_hold() \
        .move_to_element_with_offset(canvas, 0.15 * size, 0).release().perform()
    browser.wait_for(lambda: "hole=" in browser.address, "the hole in the address")
    check("drawing and hole are in the address", "ink=" in browser.address and "hole=" in browser.address, browser.address)
    browser.press("Fill")
    missing = browser.fact("Missing pixels")
    check("the painted hole is filled", 4 < number(missing) < 200, missing)
    check("the log-likelihood is a number", number(browser.fact("Log-likelihood")) != 0)
    check("the curve has points", browser.run("return document.querySelector('.chart polyline').points.length") > 20)
    check("a table holds the curve", len(browser.all(".numbers tbody tr")) > 20)
    check("without an original, the request comes as a file", "@request.json" in browser.text(".command code"))

    address, likelihood = browser.address, browser.fact("Log-likelihood")
    browser.open_address(address)
    check("the link reproduces the result", browser.fact("Log-likelihood") == likelihood, browser.fact("Log-likelihood"))

    browser.open("inpainting")
    canvas = browser.one("canvas.editor")
    browser.run("arguments[0].focus()", canvas)
    hole = browser.hole()
    canvas.send_keys(Keys.ARROW_UP * 8 + Keys.SPACE)
    browser.wait_for(lambda: browser.hole() != hole, "the keyboard's hole")
    check("the keyboard paints", browser.hole() != hole, browser.hole())
    check("the keyboard's pixel is told", "missing" in browser.text("main p.hidden[role=status]"))
    canvas.send_keys(Keys.CONTROL + "z")
    browser.wait_for(lambda: browser.hole() == hole, "undo")
    check("undo takes it back", browser.hole() == hole)
    browser.click_text("Redo")
    browser.wait_for(lambda: browser.hole() != hole, "redo")
    check("redo does it again", browser.hole() != hole)
    browser.set_field("iterations", "0")
    browser.press("Fill", wait=False)
    check_fault(browser, "iterations")


def check_fault(browser, name):
    browser.wait_for(lambda: browser.text(".problem"), "a problem")
    sentence = browser.text(".problem")
    check("the problem's own sentence is shown", name in sentence and sentence.endswith("."), sentence)
    control = browser.field(name)
    check("the field at fault is marked and focused", control.get_attribute("aria-invalid") == "true"
          and browser.driver.switch_to.active_element == control)


def check_cancel(browser):
    browser.open("inpainting")
    browser.set_field("iterations", "10000")
    browser.choose("method", "noisy_gradient")
    browser.press("Fill", wait=False)
    browser.press("Cancel", wait=False)
    browser.wait_for(lambda: "Cancelled" in browser.text(".status"), "the end of a cancelled run")
    check("a run can be cancelled", browser.text(".status") == "Cancelled.")


def check_ruin(browser):
    browser.open("ruin?n=3000")
    estimate, exact = number(browser.fact("Estimate")), number(browser.fact("Exact"))
    check("the estimate is near the exact value", abs(estimate / exact - 1) < 0.1, (estimate, exact))
    check("naive simulation sees nothing", number(browser.fact("The naive estimate")) == 0)
    check("the exact value is a line", len(browser.all(".chart line.exact")) >= 2)
    with urllib.request.urlopen(browser.one("[data-format=json]").get_attribute("href")) as reply:
        answer = json.load(reply)
    check("the JSON link is the same result", abs(answer["estimate"] / estimate - 1) < 0.01 and answer["n"] == 3000)
    browser.set_field("p", "2")
    check_fault(browser, "p")


def check_probability(browser):
    browser.open("probability")
    estimate, exact = number(browser.fact("Probability")), number(browser.fact("Exact"))
    check("the estimate of four branches is near the exact value", abs(estimate / exact - 1) < 0.25, (estimate, exact))
    check("the plane of the inputs is drawn", browser.run("return document.querySelector('.picture img').naturalWidth") > 0)
    browser.set_field("variables", "x1=normal:0:0,x2=normal:0:1")
    check_fault(browser, "variables")


def check_gradients(browser):
    browser.open("gradients")
    notes = [one.text for one in browser.all(".bar-note")]
    check("both estimators' variances are shown", len(notes) == 4 and number(notes[0].split(",")[0]) > number(notes[1]), notes)
    browser.run("const s = document.querySelector('.replay input'); s.value = s.max; s.dispatchEvent(new Event('input'))")
    check("the slider leads to the end", browser.text(".replay output") == "1,500", browser.text(".replay output"))
    check("contours lie under the paths", len(browser.all(".contour")) > 5)


def check_planes(browser):
    for panel, handle, fact in [("projection", "Point", "Distance"), ("maximization", "Center", "Largest value"), ("evidence", "Mean", "Lower bound")]:
        browser.open(panel)
        before = browser.fact(fact)
        knob = browser.one(f"[data-handle='{handle}']")
        browser.run("arguments[0].scrollIntoView({block: 'center'})", knob)
        ActionChains(browser.driver).drag_and_drop_by_offset(knob, -40, 25).perform()
        browser.wait_for(lambda: browser.fact(fact) != before, f"{panel} after dragging")
        check(f"{panel}: dragging changes the result", True)
        before = browser.fact(fact)
        browser.one(f"[data-handle='{handle}']").send_keys(Keys.ARROW_DOWN)
        browser.wait_for(lambda: browser.fact(fact) != before, f"{panel} after an arrow key")
        check(f"{panel}: arrow keys change the result", True)


def check_convolution(browser):
    browser.open("convolution")
    check("undoing restores the picture", number(browser.fact("Error after undoing")) < 1e-12)
    determinant = number(browser.fact("det A"))
    check("the determinant is the product of s", abs(determinant - 0.8 * 0.7 * 0.9) < 1e-3, determinant)
    browser.run("const s = document.querySelector('.sliders input'); s.value = 0; s.dispatchEvent(new Event('input'))")
    browser.wait_for(lambda: browser.text(".problem"), "a problem")
    check("a zero is refused in a sentence", "scale" in browser.text(".problem"), browser.text(".problem"))


def check_photographs(browser):
    browser.open("photographs")
    check("the example is repaired at once", number(browser.fact("Filled pixels")) > 100, browser.fact("Filled pixels"))
    check("the result is a picture", browser.run("return document.querySelector('img.photograph').src").startswith("data:image/png"))
    check("its curl line names both files", "-F image=@picture.png -F mask=@mask.png" in browser.text(".command code"))
    browser.click_text("Clear")
    browser.click_text("Repair")
    browser.wait_for(lambda: browser.text(".problem"), "a problem")
    check("a picture without damage is refused in a sentence", "No pixel is missing" in browser.text(".problem"), browser.text(".problem"))


def check_model(browser):
    browser.open("model?n=6")
    check("as many draws as asked for", len(browser.all(".draw")) == 6)
    browser.all(".draw")[2].click()
    browser.wait_for(lambda: browser.all(".judged dd"), "a likelihood")
    check("a draw is judged", abs(number(browser.fact("Draw 3")) - number(browser.fact("Of its noise")) - number(browser.fact("Of the map"))) < 0.1)
    browser.one(".judged a").click()
    browser.wait_for(lambda: browser.all("#panel-inpainting .results dd"), "the way to the hole")
    check("its link leads to a hole", "index=2" in browser.address, browser.address)
    models = json.load(urllib.request.urlopen(f"{browser.url}/models"))["models"]
    for model in [model for model in models[1:] if model["kind"] in ("nice", "convolutional")]:
        browser.open(f"model?n=2&model={model['name']}")
        check(f"{model['name']} draws", len(browser.all(".draw")) == 2)
        browser.all(".draw")[1].click()
        browser.wait_for(lambda: browser.all(".judged dd"), "a likelihood")
        told = number(browser.fact("Draw 2"))
        check(f"{model['name']} judges its draw", abs(told - number(browser.fact("Of its noise")) - number(browser.fact("Of the map"))) < 0.1)
        listed = [term.get_attribute("textContent") for term in browser.all("dl.facts dt")]
        check("all models are listed", all(other["name"] in listed for other in models), listed)


def check_draws(browser):
    models = json.load(urllib.request.urlopen(f"{browser.url}/models"))["models"]
    for name in [model["name"] for model in models if model["kind"] == "conditional" and model["shape"]["rows"] == models[0]["shape"]["rows"]]:
        browser.open(f"inpainting?model={name}")
        browser.wait_for(lambda: browser.all("#panel-inpainting .results .draws canvas"), f"draws of {name}")
        check(f"{name} shows its spread and draws", len(browser.all("#panel-inpainting .results .draws canvas")) == 9)


def check_walk(browser):
    browser.open("walk")
    check("the line and the blend differ", abs(number(browser.fact("On the line")) - number(browser.fact("Grey levels mixed"))) > 2)
    browser.run("const s = document.querySelector('.toolbar input'); s.value = 0; s.dispatchEvent(new Event('input'))")
    browser.wait_for(lambda: browser.text(".status").startswith("0 percent") and browser.is_idle(), "the line's beginning")
    check("at its beginning the two agree", abs(number(browser.fact("On the line")) - number(browser.fact("Grey levels mixed"))) < 2,
          (browser.fact("On the line"), browser.fact("Grey levels mixed")))


def check_curl_lines(browser):
    """The lines that panels show give in a shell what the panels show."""
    for panel, fact, path in [("inpainting", "Log-likelihood", ["log_likelihood", "final"]), ("ruin", "Estimate", ["estimate"]),
                              ("probability", "Probability", ["estimate"]),
                              ("evidence", "Lower bound", ["elbo"]), ("maximization", "Largest value", ["value"])]:
        browser.open(panel)
        reply = subprocess.run(["bash", "-c", browser.text(".command code")], capture_output=True, text=True, timeout=60)
        value = json.loads(reply.stdout or "null")
        for name in path:
            value = value and value.get(name)
        shown = number(browser.fact(fact))
        check(f"{panel}: the curl line gives the same", value is not None and abs(value / shown - 1) < 0.01, (value, shown, reply.stderr[-200:]))


def check_views(browser, folder):
    """Every panel at every width and in both schemes: no violation, no message, nothing too wide."""
    for width, height, scheme in VIEWS:
        browser.view(width, height, scheme)
        for panel in PANELS:
            browser.open(panel)
            browser.run("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
            violations = Axe().run(browser.driver)["violations"]
            found = [f"{one['id']} {one['nodes'][0]['html'][:120]}" for one in violations]
            check(f"{panel} {width} {scheme}: no accessibility violation", not found, "; ".join(found))
            check(f"{panel} {width} {scheme}: nothing wider than the screen",
                  browser.run("return document.documentElement.scrollWidth <= innerWidth"))
            browser.run("document.querySelectorAll('main details').forEach((one) => { one.open = one.matches('.settings') && innerWidth > 991; })")
            if folder:
                browser.screenshot(folder / f"{panel}-{width}-{scheme}.png", width)
    browser.view(1280, 900, "light")


def main():
    parser = argparse.ArgumentParser(description="Tests Riviera's page in headless Chromium.")
    parser.add_argument("url", help="the server, such as http://localhost:8080")
    parser.add_argument("--screenshots", type=pathlib.Path, help="a folder for pictures of every panel")
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--chromedriver", default=shutil.which("chromedriver"))
    options = parser.parse_args()
    if options.screenshots:
        options.screenshots.mkdir(parents=True, exist_ok=True)
    browser = Browser(options.url.rstrip("/"), options.chromium, options.chromedriver)
    try:
        for step in [check_headers, check_inpainting, check_photographs, check_cancel, check_model, check_draws, check_walk, check_ruin, check_probability, check_gradients,
                     check_planes, check_convolution, check_curl_lines, lambda browser: check_views(browser, options.screenshots)]:
            try:
                step(browser)
            except Exception:
                check(getattr(step, "__name__", "views"), False, traceback.format_exc(limit=2))
        messages = browser.messages()
        check("no message on the console", not messages, "\n".join(messages))
    finally:
        browser.driver.quit()
    print(f"{failures} failed" if failures else "all passed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
