// How the event's frames are developed: the flow, the shared look, the device and its queue.
import type { Development, SetDevelopment } from "../model";

export interface DevelopmentHands {
  load: () => Promise<Development>;
  set: (change: SetDevelopment) => Promise<void>;
}

export class DevelopmentView {
  now = $state.raw<Development | null>(null);

  constructor(private readonly hands: DevelopmentHands) {}

  async load(): Promise<void> {
    this.now = await this.hands.load();
  }

  /** Shown at once; what the studio made of it follows. */
  async set(change: SetDevelopment): Promise<void> {
    const was = this.now;
    if (was) {
      const { device, ...rest } = change;
      this.now = { ...was, ...rest, device: { ...was.device, choice: device ?? was.device.choice } };
    }
    try {
      await this.hands.set(change);
    } catch (error) {
      this.now = was;
      throw error;
    }
    await this.load();
  }
}
