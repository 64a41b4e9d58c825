import { InputError } from '../../../config/index.ts';
import type { Format } from '../../capture.ts';
import { bashCommands } from './bash-words.ts';
import { cmdCommands, isForCmd } from './cmd-words.ts';
import { requestsOf } from './request.ts';

const COMMAND = /(?:^|[/\\])curl(?:\.exe)?$/i;

/** A request copied from the browser or from documentation: one or more cURL commands, for bash or for cmd.exe. */
export const curl: Format = {
  name: 'curl',
  recognises: (text) =>
    /^[\s$>%(]*(?:#[^\n]*\n\s*|\w+=(?!"?\$\()\S*\s+|\w+="?\$\([^\n)]*\)\S*\s+)*\S*curl(?:\.exe)?[\s^\\]/i.test(
      text.slice(0, 4000),
    ),
  read: async (text) => {
    const requests = commandsIn(text).flatMap(requestsOf);
    if (requests.length === 0) throw new InputError('the cURL command names no URL');
    return { format: 'curl', requests };
  },
};

/** The arguments of each cURL command. Other commands, such as the `jq` behind a pipe, do not count. */
function commandsIn(text: string): string[][] {
  const commands = isForCmd(text) ? cmdCommands(text) : bashCommands(text);
  return commands.flatMap((words) => {
    const at = words.findIndex((word) => COMMAND.test(word));
    return at < 0 ? [] : [words.slice(at + 1)];
  });
}
