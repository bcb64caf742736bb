// Cutting a picture before it is sent. Every word that a person reads stands in the HTML.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const clamp = (low, value, high) => Math.min(Math.max(value, low), high);

  // How the server will turn a picture that browsers show as it is stored: a WebP, and a PNG whose EXIF block
  // stands behind its pixels. 1 to 8 as EXIF counts; 1 for every other file, which browsers turn themselves.
  async function turnOf(file) {
    const bytes = new DataView(await file.arrayBuffer());
    const name = (at) => String.fromCharCode(...[0, 1, 2, 3].map((i) => bytes.getUint8(at + i)));
    const has = (at, count) => at + count <= bytes.byteLength;
    const webp = has(0, 12) && name(0) === "RIFF" && name(8) === "WEBP";
    const png = has(0, 8) && name(0) === "\u0089PNG";
    let pixels = webp;
    for (let at = webp ? 12 : 8; (webp || png) && has(at, 8);) {
      const kind = name(webp ? at : at + 4);
      const length = bytes.getUint32(webp ? at + 4 : at, webp);
      if (kind === "IDAT") pixels = true;
      if (kind === "EXIF" || kind === "eXIf") return pixels && has(at + 8, length) ? turnInExif(at + 8, length) : 1;
      at += webp ? 8 + length + length % 2 : 12 + length;
    }
    return 1;

    function turnInExif(start, length) {
      // Some write the signature that JPEG has there.
      if (length > 6 && name(start) === "Exif") [start, length] = [start + 6, length - 6];
      const end = start + length;
      if (length < 10) return 1;
      const little = bytes.getUint16(start) === 0x4949;
      const list = start + bytes.getUint32(start + 4, little);
      const count = list + 2 <= end ? bytes.getUint16(list, little) : 0;
      for (let i = 0, at = list + 2; i < count && at + 12 <= end; i += 1, at += 12) {
        if (bytes.getUint16(at, little) !== 0x112) continue;
        const turn = bytes.getUint16(at + 8, little);
        return turn >= 1 && turn <= 8 ? turn : 1;
      }
      return 1;
    }
  }

  function cropPicture(form) {
    const part = (name) => form.querySelector(`[data-${name}]`);
    const file = form.elements.file;
    const [box, stage, image, zoom] = ["crop-box", "crop-stage", "crop-image", "crop-zoom"].map(part);
    const sent = ["crop_x", "crop_y", "crop_size"].map((name) => form.elements[name]);
    const tooLarge = part("too-large");
    const unreadable = part("unreadable");
    const fingers = new Map();
    let width, height, deepest, address;
    let turn = 1;
    // The square in pixels of the picture: its middle and its side.
    let x, y, side;
    let travelled = 0;

    function draw() {
      x = clamp(side / 2, x, width - side / 2);
      y = clamp(side / 2, y, height - side / 2);
      const scale = stage.clientWidth / side;
      const [lies, mirrored, upsideDown] = [turn > 4, [2, 3, 6, 7].includes(turn), [3, 4, 7, 8].includes(turn)];
      image.style.width = `${lies ? height : width}px`;
      image.style.height = `${lies ? width : height}px`;
      const [right, down] = [mirrored ? -1 : 1, upsideDown ? -1 : 1];
      const turned = [lies ? 0 : right, lies ? down : 0, lies ? right : 0, lies ? 0 : down, mirrored ? width : 0, upsideDown ? height : 0];
      image.style.transform = `scale(${scale}) translate(${side / 2 - x}px, ${side / 2 - y}px) matrix(${turned})`;
      const short = Math.min(width, height);
      zoom.value = deepest > 1 ? 100 * Math.log(short / side) / Math.log(deepest) : 0;
      [(x - side / 2) / width, (y - side / 2) / height, side / short].forEach((value, i) => {
        sent[i].value = clamp(0, value, 1).toFixed(6);
      });
    }
    function setSide(value) {
      const short = Math.min(width, height);
      side = clamp(short / deepest, value, short);
      draw();
    }
    function move(dx, dy) {
      const scale = stage.clientWidth / side;
      x -= dx / scale;
      y -= dy / scale;
      draw();
    }
    function close() {
      if (address) URL.revokeObjectURL(address);
      address = undefined;
      box.hidden = true;
      for (const input of sent) input.disabled = true;
    }
    function tell(large, broken) {
      tooLarge.hidden = !large;
      unreadable.hidden = !broken;
      if (large) file.setAttribute("aria-invalid", "true");
      else file.removeAttribute("aria-invalid");
    }

    async function choose() {
      close();
      const picture = file.files[0];
      const large = picture && picture.size > Number(file.dataset.maxBytes);
      // What the server said was about another file.
      for (const old of all(":scope > :not([data-too-large], [data-unreadable])", tooLarge.parentElement)) old.remove();
      tell(large, false);
      if (!picture || large) return;
      // A file that cannot be read cannot be shown either, and is told of then.
      const found = await turnOf(picture).catch(() => 1);
      if (file.files[0] !== picture) return;
      close();
      turn = found;
      // No browser turns these today. One that learns it must not turn them twice.
      image.style.imageOrientation = turn > 1 ? "none" : "";
      address = URL.createObjectURL(picture);
      image.src = address;
    }
    file.addEventListener("change", choose);
    // A browser that brings the form back brings the file back too.
    addEventListener("pageshow", () => file.files.length && choose());
    image.addEventListener("load", () => {
      // The sides that people see: browsers turn the picture upright themselves, or it is turned here.
      [width, height] = [image.naturalWidth, image.naturalHeight];
      if (turn > 4) [width, height] = [height, width];
      if (!width || !height) return;
      side = Math.min(width, height);
      deepest = clamp(1, side / 64, 8);
      x = width / 2;
      y = height / 2;
      zoom.disabled = deepest === 1;
      box.hidden = false;
      for (const input of sent) input.disabled = false;
      draw();
    });
    image.addEventListener("error", () => {
      if (!address) return;
      close();
      tell(false, true);
    });
    // The fields are emptied after the event.
    form.addEventListener("reset", () => setTimeout(() => {
      choose();
      file.focus();
    }));
    form.addEventListener("submit", (event) => {
      if (tooLarge.hidden) return;
      event.preventDefault();
      file.focus();
    });

    zoom.addEventListener("input", () => setSide(Math.min(width, height) / deepest ** (zoom.value / 100)));
    new ResizeObserver(() => box.hidden || draw()).observe(stage);
    stage.addEventListener("wheel", (event) => {
      // Scrolling past must not zoom: only after a click into the stage, or with a pinch on a touchpad.
      if (!event.ctrlKey && document.activeElement !== stage) return;
      event.preventDefault();
      setSide(side * Math.exp(clamp(-50, event.deltaY, 50) / 250));
    }, { passive: false });
    stage.addEventListener("keydown", (event) => {
      const step = stage.clientWidth * 0.05;
      const act = {
        ArrowLeft: () => move(step, 0),
        ArrowRight: () => move(-step, 0),
        ArrowUp: () => move(0, step),
        ArrowDown: () => move(0, -step),
        "+": () => setSide(side / 1.1),
        "=": () => setSide(side / 1.1),
        "-": () => setSide(side * 1.1),
      }[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      act();
    });
    stage.addEventListener("pointerdown", (event) => {
      stage.setPointerCapture(event.pointerId);
      if (!fingers.size) travelled = 0;
      fingers.set(event.pointerId, event);
    });
    stage.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const dx = event.clientX - before.clientX;
      const dy = event.clientY - before.clientY;
      const other = [...fingers.values()].find((finger) => finger.pointerId !== event.pointerId);
      travelled += Math.hypot(dx, dy) + (other ? 100 : 0);
      fingers.set(event.pointerId, event);
      if (other) {
        const apart = (finger) => Math.max(1, Math.hypot(finger.clientX - other.clientX, finger.clientY - other.clientY));
        side *= apart(before) / apart(event);
        move(dx / 2, dy / 2);
        setSide(side);
      } else {
        move(dx, dy);
      }
    });
    stage.addEventListener("pointerup", (event) => {
      if (fingers.size !== 1 || travelled > 6) return;
      // Who cannot drag clicks what should be in the middle.
      const edge = stage.getBoundingClientRect();
      move(edge.left + edge.width / 2 - event.clientX, edge.top + edge.height / 2 - event.clientY);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      stage.addEventListener(end, (event) => fingers.delete(event.pointerId));
    }
  }

  all("form[data-crop]").forEach(cropPicture);
})();
