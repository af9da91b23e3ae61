// SPDX-License-Identifier: GPL-3.0-or-later
// Runs inside the page that tests/page.sh shows: measures it as it is laid out
// and says what is wrong with it, a line each, to the window around it.
"use strict";
(() => {
const faults = [];
const fault = text => faults.push(text);
const visible = node => node.getClientRects().length > 0;

// colours "rgb(1, 2, 3)" or "rgba(...)"
const channels = colour => colour.match(/[\d.]+/g).map(Number);
const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const behind = node => {
    for (; node; node = node.parentElement) {
        const c = channels(getComputedStyle(node).backgroundColor);
        if (c.length === 3 || c[3] > 0)
            return c;
    }
    return [255, 255, 255];
};
const contrast = node => {
    const a = luminance(channels(getComputedStyle(node).color));
    const b = luminance(behind(node));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
};

function measureWidth(when) {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width)
        fault(`${when}: scrolls sideways, ` +
            `${document.documentElement.scrollWidth} px in ${width}`);
    for (const node of document.body.querySelectorAll("*"))
        if (visible(node) && !node.closest(".wide, pre") &&
            node.getBoundingClientRect().right > width + 1)
            fault(`${when}: <${node.tagName}> is wider than the page: ` +
                node.textContent.trim().slice(0, 40));
}

// The letters of a picture as large as they are shown; exponents, which are
// smaller everywhere, do not count.
function measurePicture(image) {
    if (!image.naturalWidth)
        return fault(`no picture: ${image.alt}`);
    const base64 = image.src.split("base64,")[1];
    const svg = new DOMParser().parseFromString(new TextDecoder().decode(
        Uint8Array.from(atob(base64), c => c.charCodeAt(0))), "image/svg+xml");
    const scale = image.getBoundingClientRect().width / image.naturalWidth;
    for (const text of svg.querySelectorAll("text")) {
        const size = text.closest("[font-size]").getAttribute("font-size");
        if (innerWidth < 500 && size * scale < 12)
            return fault(`letters of ${(size * scale).toFixed(1)} px in ` +
                `"${image.alt}": ${text.textContent}`);
    }
}

function measureText() {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const pale = new Set();
    for (let node; (node = walk.nextNode());) {
        const at = node.parentElement;
        if (!node.data.trim() || !visible(at) || at.closest("script"))
            continue;
        if (contrast(at) < 4.5 && !pale.has(getComputedStyle(at).color)) {
            pale.add(getComputedStyle(at).color);
            fault(`contrast ${contrast(at).toFixed(2)}: ` +
                node.data.trim().slice(0, 40));
        }
        const word = node.data.match(/(^|[ (])(mu|nu|omega|tau|lambda)\b/);
        if (word && !at.closest("pre"))
            fault(`not in Greek: ${node.data.trim().slice(0, 60)}`);
        if (/\{[#:\/]/.test(node.data) && !at.closest("pre"))
            fault(`not filled in: ${node.data.trim().slice(0, 60)}`);
    }
}

function measureTables() {
    for (const head of document.querySelectorAll("thead")) {
        const titles = [...head.querySelectorAll("th")]
            .map(th => th.textContent.replace(/\s+/g, " ").trim());
        if (titles.includes("verdict") && titles[1] !== "verdict")
            fault(`the verdict is not second: ${titles.join(", ")}`);
    }
}

addEventListener("load", () => setTimeout(() => {
    const height = document.documentElement.scrollHeight;
    const story = document.querySelector(".story");
    if (innerWidth >= 1000 && height > 4000)
        fault(`${height} px high, more than 4000`);
    if (innerWidth >= 1000 &&
        story.getBoundingClientRect().bottom > innerHeight)
        fault("the story is higher than the first screen");
    if (innerWidth < 500 && document.querySelector(".tiles")
            .getBoundingClientRect().bottom > innerHeight)
        fault("the tiles are lower than the first screen");
    if (document.querySelectorAll(".tile").length !== 4)
        fault("not four tiles");
    measureWidth("closed");
    document.querySelectorAll("details").forEach(d => d.open = true);
    measureWidth("open");
    const images = document.querySelectorAll("img");
    if (images.length < 12)
        fault(`only ${images.length} pictures`);
    images.forEach(measurePicture);
    measureText();
    measureTables();
    const dark = luminance(behind(document.body)) < 0.2;
    if (dark !== matchMedia("(prefers-color-scheme: dark)").matches)
        fault("dark is not as it was asked for");
    parent.postMessage({height, dark, faults: [...new Set(faults)]}, "*");
}, 100));
})();
