/** A binary heap: the smallest key first. */
export class Queue<T extends { readonly key: number }> {
  private readonly items: T[] = [];

  /** The smallest key, or Infinity. */
  get least(): number {
    return this.items.length > 0 ? this.items[0].key : Infinity;
  }

  push(item: T): void {
    const { items } = this;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (items[parent].key <= item.key) break;
      items[at] = items[parent];
      at = parent;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && items[child + 1].key < items[child].key) child++;
      if (items[child].key >= last.key) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = last;
    return first;
  }
}
