import { vi } from 'vitest';

// Files share a worker, not what modules of ours remember.
vi.resetModules();
