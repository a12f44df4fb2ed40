import type { LiveEvents } from "../core/wake-up.ts";

type Listener = (payload: string) => void;

/** Live events within one process. A listener that throws does not disturb the others or the publisher. */
export function createEmbeddedLiveEvents(): LiveEvents {
  const listeners = new Map<string, Set<Listener>>();

  return {
    publish(topic, payload) {
      for (const listener of listeners.get(topic) ?? []) {
        // A subscription that ends before its turn comes hears no more.
        queueMicrotask(() => {
          if (listeners.get(topic)?.has(listener)) listener(payload);
        });
      }
    },
    subscribe(topic, listener) {
      // One entry per subscription, though the same function may subscribe twice.
      const entry: Listener = (payload) => listener(payload);
      const topicListeners = listeners.get(topic) ?? new Set<Listener>();
      listeners.set(topic, topicListeners.add(entry));
      return () => {
        topicListeners.delete(entry);
        if (topicListeners.size === 0 && listeners.get(topic) === topicListeners)
          listeners.delete(topic);
      };
    },
    async close() {
      listeners.clear();
    },
  };
}
