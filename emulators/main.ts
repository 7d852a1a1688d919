// Runs the stand-ins alone: `node --import tsx emulators/main.ts [--port N]`. They end with the terminal.

import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startEmulators } from './start-emulators';

const PORT_DEFAULT = 8790;

const { values } = parseArgs({ options: { port: { type: 'string', default: String(PORT_DEFAULT) } } });
const port = z.coerce.number().int().min(0).max(65_535).parse(values.port);
const emulators = await startEmulators({ port, onEvent: (event) => console.info(JSON.stringify(event)) });
console.info(JSON.stringify({ type: 'listening', origin: emulators.origin }));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.once(signal, () => void emulators.close().then(() => process.exit(0)));
}
