/** `npm run mail:preview`: every kind of mail on a page of this machine, as designed and as text. Nothing is sent. */
import { once } from 'node:events';
import { parseArgs } from 'node:util';

import { serve } from '@hono/node-server';

import { previewApp } from './mail-preview/preview-app';

const PORT_DEFAULT = '8795';

const { values } = parseArgs({ options: { port: { type: 'string', default: PORT_DEFAULT } } });
const server = serve({ fetch: previewApp().fetch, hostname: '127.0.0.1', port: Number(values.port) });
await once(server, 'listening');
process.stdout.write(`Every mail is at http://127.0.0.1:${values.port}. Ctrl-C ends it.\n`);
