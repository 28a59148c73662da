"""Reading policy documents (政策文件): from a file to an outline, tasks and targets. Pure: no Django, no network."""
