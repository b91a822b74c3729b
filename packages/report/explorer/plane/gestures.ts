/** What a visitor does with a picture; places and ways in shares of its side, from the top left. */
export interface Gestures {
  /** A finger or button goes down; true takes the drag over. */
  grab(u: number, v: number): boolean;
  /** What was grabbed is dragged here. */
  drag(u: number, v: number): void;
  pan(right: number, down: number): void;
  zoom(factor: number, u: number, v: number): void;
  /** The pointer is here, or (without a place) nowhere. */
  point(at?: readonly [number, number]): void;
  home(): void;
}

/** Movement below this many pixels is a click. */
const still = 4;

/** Passes on what mouse, fingers and keys do. */
export function listen(canvas: HTMLCanvasElement, gestures: Gestures): void {
  const down = new Map<number, readonly [number, number]>();
  let grabbed = false;
  let moved = 0;
  let cursor: [number, number] = [0.5, 0.5];
  const place = ({ clientX, clientY }: MouseEvent): [number, number] => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  };
  const spread = () => {
    const [[ax, ay], [bx, by]] = [...down.values()];
    return { size: Math.hypot(ax - bx, ay - by) || 1e-3, middle: [(ax + bx) / 2, (ay + by) / 2] as const };
  };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    const at = place(event);
    down.set(event.pointerId, at);
    moved = 0;
    grabbed = down.size === 1 && gestures.grab(...at);
    canvas.classList.toggle("dragged", true);
  });
  canvas.addEventListener("pointermove", (event) => {
    const at = place(event);
    const before = down.get(event.pointerId);
    if (!before) {
      cursor = at;
      gestures.point(at);
      return;
    }
    const old = down.size === 2 ? spread() : undefined;
    down.set(event.pointerId, at);
    const way = [at[0] - before[0], at[1] - before[1]] as const;
    moved += Math.hypot(...way) * canvas.clientWidth;
    if (grabbed) gestures.drag(...at);
    else if (old) {
      const now = spread();
      gestures.zoom(old.size / now.size, ...now.middle);
      gestures.pan(old.middle[0] - now.middle[0], old.middle[1] - now.middle[1]);
    } else if (moved > still) gestures.pan(-way[0], -way[1]);
  });
  const up = (event: PointerEvent) => {
    if (!down.delete(event.pointerId)) return;
    canvas.classList.toggle("dragged", down.size > 0);
    if (moved <= still) gestures.point((cursor = place(event)));
    grabbed = false;
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => {
    if (down.size === 0 && document.activeElement !== canvas) gestures.point();
  });
  // Only where the picture has been clicked: a wheel over it must not stop the page.
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (document.activeElement !== canvas && !event.ctrlKey) return;
      event.preventDefault();
      gestures.zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.004), ...place(event));
    },
    { passive: false },
  );

  const arrows: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  canvas.addEventListener("keydown", (event) => {
    const way = arrows[event.key];
    if (way && event.shiftKey) gestures.pan(way[0] / 10, way[1] / 10);
    else if (way) {
      cursor = [cursor[0] + way[0] / 50, cursor[1] + way[1] / 50].map((share) =>
        Math.max(0.001, Math.min(0.999, share)),
      ) as [number, number];
      gestures.point(cursor);
    } else if (event.key === "+" || event.key === "=") gestures.zoom(1 / 1.5, ...cursor);
    else if (event.key === "-") gestures.zoom(1.5, ...cursor);
    else if (event.key === "0") gestures.home();
    else return;
    event.preventDefault();
  });
  canvas.addEventListener("focus", () => {
    if (canvas.matches(":focus-visible")) gestures.point(cursor);
  });
}
