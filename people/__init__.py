"""Who is acting, with which permission."""
