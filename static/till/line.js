// The line between this till and its node: connected, sending, without connection, or blocked.

const listeners = new Set();

export const line = {
  isCut: false,
  isBlocked: false,
  since: null,
  waiting: 0,
  refused: 0,
  isSending: false,

  get state() {
    if (this.isBlocked) return "blocked";
    if (this.isCut) return "cut";
    return this.waiting ? "sending" : "connected";
  },
  heard() {
    this.change({ isCut: false, since: null });
  },
  lost() {
    if (!this.isCut) this.change({ isCut: true, since: new Date() });
  },
  blocked(isBlocked) {
    this.change({ isBlocked });
  },
  queued(waiting) {
    this.change({ waiting });
  },
  refusals(refused) {
    this.change({ refused });
  },
  change(fields) {
    const look = () => `${this.state} ${this.waiting} ${this.refused}`;
    const before = look();
    Object.assign(this, fields);
    if (before !== look()) for (const tell of listeners) tell(this.state);
  },
  onChange(tell) {
    listeners.add(tell);
  },
};
