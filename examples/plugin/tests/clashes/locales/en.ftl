sign-out = Never
