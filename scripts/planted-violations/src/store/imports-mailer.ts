import "nodemailer";
import "twitter-api-v2";
