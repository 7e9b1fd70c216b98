// Bolt for JavaScript as its README has it, or in Socket Mode when the word `socket` is given.
// Two things differ: it asks the stand-in in place of Slack, and it listens on 127.0.0.1 alone.

const { readFileSync } = require('node:fs');
const { App } = require('@slack/bolt');

const { BENCH_CARD, PORT, SLACK_API_URL, SLACK_APP_TOKEN, SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET } = process.env;
const card = JSON.parse(readFileSync(BENCH_CARD));
const socketMode = process.argv.includes('socket');

const app = new App({
  token: SLACK_BOT_TOKEN,
  clientOptions: { slackApiUrl: SLACK_API_URL },
  ...(socketMode ? { socketMode, appToken: SLACK_APP_TOKEN } : { signingSecret: SLACK_SIGNING_SECRET }),
});

app.command('/ivig', async ({ ack }) => {
  await ack(card);
});

(async () => {
  await (socketMode ? app.start() : app.start({ port: Number(PORT), host: '127.0.0.1' }));
})();
