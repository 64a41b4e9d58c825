export { signInSchema } from './settings.ts';
export { createSignIn, type SignIn, type SignInOptions } from './sign-in.ts';
export { SignInError } from './sign-in-error.ts';
export { signInSettings } from './sign-in-settings.ts';
