/** `npm run format`: every file in the one format. */
import { runTool } from './run-tool';

await runTool('oxfmt', 'oxfmt', ['.']);
