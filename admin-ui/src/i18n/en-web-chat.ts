import type { esWebChat } from "./es-web-chat.ts";

export const enWebChat: Readonly<Record<keyof typeof esWebChat, string>> = {
  "webChat.lead": "How the chat looks, and on which sites it may stand.",
  "webChat.back": "All bots",
  "webChat.form": "Looks of the chat",
  "webChat.name": "Name",
  "webChat.nameHint":
    "Stands over the chat; its first letter is the portrait once there is a colour.",
  "webChat.colour": "Colour",
  "webChat.colourHint": "Such as #004488. Empty: that of Pregonero.",
  "webChat.pick": "Choose the colour",
  "webChat.wrongColour": "Write a hash sign and six digits, such as #004488.",
  "webChat.corrected":
    "Text on {{colour}} would be hard to read; {{light}} is shown by day and {{dark}} by night.",
  "webChat.picture": "Portrait",
  "webChat.pictureHint":
    "PNG or JPEG of 32 to 1024 pixels a side, up to 256 kB. It is shown round.",
  "webChat.choosePicture": "Choose a picture",
  "webChat.removePicture": "Take it away",
  "webChat.pictureSaved": "Changed: it is seen within a minute.",
  "webChat.pictureTooLarge": "It is larger than 256 kB.",
  "webChat.pictureRefused":
    "It is not a whole PNG or JPEG, or its sides are not of 32 to 1024 pixels.",
  "webChat.greeting": "Greeting",
  "webChat.greetingHint":
    "Before the first message. Empty: that of the assistant, or of Pregonero.",
  "webChat.questions": "Suggested questions",
  "webChat.questionsHint": "One to a line, four at most. Empty: those of Pregonero.",
  "webChat.tooMany": "They are more than four.",
  "webChat.origins": "Sites that may show it",
  "webChat.originsHint":
    "One to a line, such as https://www.example.org. Empty: only its own page.",
  "webChat.saved": "Saved: it shows within a minute.",
  "webChat.revert": "Undo the changes",
  "webChat.leave": "There are changes that are not saved. Leave without them?",
  "webChat.stale": "Somebody else changed it meanwhile.",
  "webChat.reload": "See theirs and lose mine",
  "webChat.preview": "Preview",
  "webChat.light": "By day",
  "webChat.dark": "By night",
  "webChat.sampleTitle": "What would you like to know from the gazette?",
  "webChat.sampleGreeting":
    "Ask in your own words. The answer comes with the edition and the page.",
  "webChat.sampleQuestion1": "What was published today?",
  "webChat.sampleQuestion2": "Which grants or aids are open?",
  "webChat.sampleSaid": "Until when can one apply?",
  "webChat.embed": "On your site",
  "webChat.embedHint": "Paste these two lines at the end of each page that should have the chat.",
  "webChat.embedNoSites": "Say above on which sites first: on others it does not appear.",
  "webChat.embedCode": "HTML to paste",
  "webChat.open": "Open the chat",
};
